import Diagnostics
import Files
import Git
import Hashing
import Objects
import Pipelines
import Remotes
import Threads
import Workspaces

/// Where the content that a source repository records may be had, by what it says of itself.
struct SourceStores {
    /// Of a project on this machine.
    var store: ObjectStore?
    var remote: Remote?
    /// Caches and remotes of DVC, in folders.
    var dvc: [DVCStore] = []
    /// Where DVC has pushed to, if that is no folder on this machine.
    var dvcRemote: DVCRemote?
    /// For people: where we look.
    var labels: [String] = []
}

extension SourceRepository {
    /// Reads the configuration of the project at `place` of a commit, and what is on this machine.
    func records(of place: RelativePath, at commit: String, in git: GitRepository) throws -> SourceStores {
        let files = opened.project.fileSystem
        var stores = SourceStores()
        let root = folder == nil ? nil : git.root.appending(place)
        if let root {
            let project = try Project(root: root, in: files)
            if let store = try? ObjectStore.open(at: project.storeFolder, in: files) {
                stores.store = store
                stores.labels.append("its store")
            }
            if try files.statusFollowingLinks(of: root.appending(".dvc")) != nil {
                stores.dvc.append(try DVCStore(ofProject: root, fileSystem: files))
                stores.labels.append("its DVC cache")
            }
        }
        func content(_ name: String) throws -> [UInt8]? {
            try git.content(of: place.appending(RelativePath(unchecked: Array(name.utf8))), at: commit)
        }
        if let text = try content(".repro/config.yaml") {
            var config = Config()
            try config.read(text, file: "\(self.text):.repro/config.yaml")
            try addRemote(of: config, root, to: &stores)
        }
        if let text = try content(".dvc/config") {
            var config = DVCConfig()
            config.read(text)
            // A path is taken from the file that says it.
            if let url = config.defaultRemoteURL, !url.contains("://") || url.hasPrefix("file://") {
                let path = url.hasPrefix("file://") ? String(url.dropFirst("file://".count)) : url
                if path.hasPrefix("/") || root != nil {
                    let base = (root ?? .fileSystemRoot).appending(".dvc")
                    stores.dvc.append(DVCStore(folder: AbsolutePath(path, relativeTo: base), fileSystem: files))
                    stores.labels.append("DVC remote \(url)")
                }
            } else {
                try addDVCRemote(of: config, root, to: &stores)
            }
        }
        return stores
    }

    private func addRemote(of config: Config, _ root: AbsolutePath?, to stores: inout SourceStores) throws {
        let usual = config.defaultRemote ?? (config.remotes.count == 1 ? config.remotes.keys.first : nil)
        guard let usual, var options = config.remotes[usual], let url = options.removeValue(forKey: "url") else {
            return
        }
        // A folder beside a project that is not on this machine is not there either.
        if root == nil, !url.contains("://"), !url.hasPrefix("/") { return }
        // Somebody else's configuration must not send Google's token for us to a server of its choice.
        if url.hasPrefix("g"), options["endpoint"] != nil { options["anonymous"] = "true" }
        let settings = try RemoteSettings(url: url, options: options, root: root ?? .fileSystemRoot)
        let storage = try storage(settings)
        let name = "import-" + String(SHA256.hash(Array(storage.label.utf8)).description.prefix(16))
        stores.remote = Remote(
            storage: storage, cache: opened.project.remoteCacheFolder(name), in: opened.project.fileSystem)
        stores.labels.append("remote \(storage.label)")
    }

    private func addDVCRemote(of config: DVCConfig, _ root: AbsolutePath?, to stores: inout SourceStores) throws {
        // One of a kind that we cannot read is none: the content may be elsewhere.
        let found = try? DVCRemoteSettings(nil, in: config, root: root ?? .fileSystemRoot)
        guard let found else { return }
        var settings = found.settings
        if case .gcs = settings.place, settings.endpoint != nil { settings.isAnonymous = true }
        stores.dvcRemote = DVCRemote(
            name: found.name, storage: try storage(settings, variables: found.variables),
            isVersionAware: settings.isVersionAware, jobs: 16, cancellation: cancellation ?? Cancellation())
        stores.labels.append("DVC remote \(found.name)")
    }

    private func storage(
        _ settings: RemoteSettings, variables: [String: String] = [:]
    ) throws -> any RemoteStorage {
        let home = opened.surroundings.environment["HOME"].map { AbsolutePath($0) } ?? .fileSystemRoot
        let machine = RemoteMachine(
            variables: opened.surroundings.environment.merging(variables) { _, ofRemote in ofRemote }, home: home,
            fileSystem: opened.project.fileSystem, clock: opened.surroundings.clock, cancellation: cancellation)
        return try settings.makeStorage(in: machine)
    }

    // MARK: Repro's data

    func content(of record: RecordedData, _ wanted: RelativePath, _ stores: SourceStores) throws -> Fingerprint {
        try bring(record.fingerprint, record.path, stores)
        guard let below = wanted.relative(to: record.path),
            let found = try opened.workspace.content(at: below, in: record.fingerprint)
        else { throw DataError.notInRecord(wanted, record: record.path) }
        switch found {
        case .file(let digest, let isExecutable):
            return Fingerprint(
                kind: .file(isExecutable: isExecutable), digest: digest, contentBytes: digest.sizeBytes)
        case .folder(let tree, let fileCount, let contentBytes):
            return Fingerprint(kind: .folder(fileCount: fileCount), digest: tree, contentBytes: contentBytes)
        case .symbolicLink: throw DataError.notAFile(wanted)
        }
    }

    private func bring(_ fingerprint: Fingerprint, _ path: RelativePath, _ stores: SourceStores) throws {
        if try opened.workspace.isKept(fingerprint) { return }
        if let store = stores.store {
            let copier = StoreCopier(source: store, target: opened.store, project: opened.project)
            if try copier.copy(Tree.Content(fingerprint), monitor) { return }
        }
        if let remote = stores.remote {
            try remote.refresh(monitor: monitor)
            if try remote.lists(fingerprint.digest) {
                try remote.fetch(
                    [fingerprint], into: opened.store,
                    options: TransferOptions(jobs: 8, cancellation: cancellation), monitor: monitor)
                return
            }
        }
        throw ImportError.contentNowhere(path: path, repository: text, tried: stores.labels)
    }

    // MARK: DVC's data

    func content(of tracked: DVCTracked, _ wanted: RelativePath, _ stores: SourceStores) throws -> Fingerprint {
        let below = wanted.relative(to: tracked.path) ?? .root
        let scratch = try ScratchFolder(in: opened.project.temporaryFolder, fileSystem: opened.project.fileSystem)
        for dvc in stores.dvc {
            let taken = try dvc.take(tracked, below: below, into: opened.store, scratch: scratch, monitor: monitor)
            if let fingerprint = taken.fingerprint { return fingerprint }
            if taken.missing == [below], !below.isRoot {
                throw DataError.notInRecord(wanted, record: tracked.path)
            }
        }
        if let remote = stores.dvcRemote {
            // A cache of its own, gone when the content is in our store.
            let cache = DVCStore(folder: scratch.nextPath(), fileSystem: opened.project.fileSystem)
            let report = try remote.bring(
                [tracked], below: below, into: cache, by: scratch, in: opened.project.fileSystem, monitor: monitor)
            let taken = try cache.take(tracked, below: below, into: opened.store, scratch: scratch, monitor: monitor)
            if let fingerprint = taken.fingerprint { return fingerprint }
            if report.failures.isEmpty, taken.missing == [below], !below.isRoot {
                throw DataError.notInRecord(wanted, record: tracked.path)
            }
        }
        throw ImportError.contentNowhere(path: tracked.path, repository: text, tried: stores.labels)
    }
}

/// Copies objects from another store on this machine, each checked by its digest.
private struct StoreCopier {
    let source: ObjectStore
    let target: ObjectStore
    let project: Project

    /// False, and nothing is copied, if the source lacks a part.
    func copy(_ content: Tree.Content, _ monitor: any Monitor) throws -> Bool {
        var objects: [Digest] = []
        guard try collect(content, into: &objects) else { return false }
        let scratch = try ScratchFolder(in: project.temporaryFolder, fileSystem: project.fileSystem)
        let done = Guarded(0)
        let count = objects.count
        try target.withBatch { batch in
            _ = try mapConcurrently(objects, width: coreCount) { digest in
                try copy(digest, scratch, batch)
                let number = done.withLock { done in
                    done += 1
                    return done
                }
                monitor.progress(
                    Progress(activity: "copying from \(source.folder)", doneItems: number, totalItems: count))
            }
        }
        return true
    }

    private static let wholeInMemoryBytes: UInt64 = 1 << 20

    private func copy(_ digest: Digest, _ scratch: ScratchFolder, _ batch: ObjectBatch) throws {
        if digest.sizeBytes <= Self.wholeInMemoryBytes {
            try batch.put(source.read(digest))
            return
        }
        let path = scratch.nextPath()
        _ = try source.materialise(
            digest, at: path, isExecutable: false, links: [.reflink, .copy],
            modifiedNanoseconds: FileSystem.nowNanoseconds())
        try batch.adopt(path, as: digest)
    }

    private func collect(_ content: Tree.Content, into objects: inout [Digest]) throws -> Bool {
        switch content {
        case .symbolicLink: return true
        case .file(let digest, _):
            if try target.hold(digest) { return true }
            objects.append(digest)
            return try source.contains(digest)
        case .folder(let tree, _, _):
            guard try source.contains(tree) else { return false }
            objects.append(tree)
            return try source.readTree(tree).entries.allSatisfy { try collect($0.content, into: &objects) }
        }
    }
}
