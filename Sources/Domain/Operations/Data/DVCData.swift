import Diagnostics
import Files
import Objects
import Pipelines
import Workspaces

/// Data and outs that only DVC has recorded: read where DVC keeps them, and compared by DVC's own digests.
///
/// Once `repro import dvc`, `repro add` or a run has recorded a path, our record counts, and DVC's is not looked at.
struct DVCData {
    private let opened: OpenProject
    /// In byte order of the paths.
    let tracked: [DVCTracked]
    private let stores: [(name: String, store: DVCStore)]

    init(_ opened: OpenProject, besides ours: [RecordedData]) throws {
        self.opened = opened
        let (root, files) = (opened.project.root, opened.project.fileSystem)
        guard try files.statusFollowingLinks(of: root.appending(".dvc"))?.kind == .folder else {
            (tracked, stores) = ([], [])
            return
        }
        tracked = try dvcTracked(in: opened.dvcFiles()).filter { $0.isCached && ours.covering($0.path) == nil }
        stores = tracked.isEmpty ? [] : try opened.dvcStores()
    }

    /// The record of exactly this path or of a folder above it.
    func covering(_ path: RelativePath) -> DVCTracked? { tracked.last { path.isAtOrBelow($0.path) } }

    // MARK: Comparing

    struct Present {
        let fingerprint: Fingerprint
        let isAsRecorded: Bool
    }

    /// What the workspace holds; nil if nothing is there. MD5 takes longer than all else, so what it said of content that
    /// we know by its fingerprint is remembered.
    func present(_ item: DVCTracked, monitor: any Monitor) throws -> Present? {
        let workspace = opened.workspace
        guard let found = try workspace.plainFingerprint(item.path, monitor: monitor) else { return nil }
        let kind = item.isLegacy ? "md5 of DVC 2" : "md5 of DVC 3"
        let digest = found.fingerprint.digest
        if found.isPlain, let known = workspace.note(kind, on: digest) {
            return Present(fingerprint: found.fingerprint, isAsRecorded: known.elementsEqual(item.md5.utf8))
        }
        monitor.progress(Progress(activity: "comparing \(item.path) with DVC's record"))
        let md5 = try item.presentMD5(in: opened.project.root, fileSystem: opened.project.fileSystem)
        // Changed meanwhile, it is not what was hashed.
        if let md5, found.isPlain, try workspace.plainFingerprint(item.path)?.fingerprint == found.fingerprint {
            workspace.remember(Array(md5.utf8), kind, on: digest)
        }
        return Present(fingerprint: found.fingerprint, isAsRecorded: md5 == item.md5)
    }

    // MARK: Taking

    /// Brings what is recorded of the path, or of a part of it, from where DVC keeps it into our store.
    func take(_ item: DVCTracked, below part: RelativePath, monitor: any Monitor) throws -> Fingerprint {
        let scratch = try ScratchFolder(in: opened.project.temporaryFolder, fileSystem: opened.project.fileSystem)
        var missing: RelativePath?
        for (_, store) in stores {
            let taken = try store.take(item, below: part, into: opened.store, scratch: scratch, monitor: monitor)
            if let fingerprint = taken.fingerprint { return fingerprint }
            if taken.missing == [part], !part.isRoot {
                throw DataError.notInRecord(item.path.appending(part), record: item.path)
            }
            missing = missing ?? taken.missing.first.map { item.path.appending($0) }
        }
        throw DataError.lackedByDVC(missing ?? item.path, record: item.record)
    }

    /// Whether what the workspace holds at a path is in DVC's cache.
    func isSaved(_ path: RelativePath) throws -> Bool {
        let absolute = opened.project.root.appending(path)
        guard try opened.project.fileSystem.statusFollowingLinks(of: absolute)?.kind == .file else { return false }
        return try stores.first?.store.keeps(contentOf: absolute) ?? false
    }
}

extension OpenProject {
    /// Where DVC keeps content on this machine, and what it is called: the project's cache, then its remotes in folders.
    func dvcStores() throws -> [(name: String, store: DVCStore)] {
        let (root, files) = (project.root, project.fileSystem)
        let config = try DVCConfig(ofProject: root, fileSystem: files)
        var stores = [("DVC's cache", try DVCStore(ofProject: root, fileSystem: files))]
        for name in config.remotes {
            guard let url = config.url(ofRemote: name), !url.contains("://") else { continue }
            let folder = AbsolutePath(url, relativeTo: root.appending(".dvc"))
            stores.append(("DVC remote \(name)", DVCStore(folder: folder, fileSystem: files)))
        }
        return stores
    }
}
