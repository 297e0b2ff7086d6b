package import Diagnostics
package import Files
import Git
import Objects
package import Pipelines
import Workspaces

package struct ImportDVCOptions: Sendable {
    package var isDryRun = false
    /// Removes each `.dvc` file of which all is taken over.
    package var removesRecords = false

    package init() {}
}

package struct ImportDVCReport: Sendable {
    package enum State: String, Sendable {
        /// With a dry run: would be.
        case taken
        /// A pointer file of ours tracks the path already.
        case already
        /// DVC's cache lacks it, or a part of it, and so does the workspace.
        case missing
        case failed
    }

    /// A path that a `.dvc` file tracks, or an out of a stage.
    package struct Item: Sendable {
        package var path: RelativePath
        /// The `.dvc` file or the `dvc.lock` that says so.
        package var record: RelativePath
        package var stage: String?
        package var state: State
        /// Where the content was: the cache, the workspace, a remote.
        package var origin: String?
        package var fileCount = 0
        /// Of files that take no second place on the disk.
        package var sharedBytes: UInt64 = 0
        package var copiedBytes: UInt64 = 0
        /// The first of what is missing.
        package var missing: RelativePath?
    }

    package var items: [Item] = []
    /// Stages that need not run again, and those that have to.
    package var currentStages: [StageName] = []
    package var outdatedStages: [StageName] = []
    /// Files that `git add` should take.
    package var written: [RelativePath] = []
    package var removed: [RelativePath] = []
    /// What stays DVC's, in words.
    package var left: [String] = []
    package var failures: [any UserFacingError] = []
}

/// Takes a DVC project over: what its `.dvc` files track gets pointer files, what its `dvc.lock` files say of stages goes
/// into our lock file where it is true, and the content comes from its cache, without a second copy where the file
/// system can. Nothing of DVC's is changed. Done again, it takes over what is new.
package func importDVC(
    _ options: ImportDVCOptions, in surroundings: Surroundings, monitor: any Monitor
) throws -> ImportDVCReport {
    let opened = try OpenProject(surroundings)
    guard try opened.project.fileSystem.status(of: opened.project.root.appending(".dvc"))?.kind == .folder else {
        throw ImportError.noDVCProject(opened.project.root)
    }
    var takeover = try DVCTakeover(opened: opened, options: options, monitor: monitor)
    try takeover.takeContent()
    try takeover.believeStages()
    try takeover.removeRecords()
    try takeover.nameWhatIsLeft()
    return takeover.report
}

private struct DVCTakeover {
    let opened: OpenProject
    let options: ImportDVCOptions
    let monitor: any Monitor
    /// The cache, then remotes in folders.
    private let sources: [(name: String, store: DVCStore)]
    private let config: DVCConfig
    private let tracked: [DVCTracked]
    /// Outs that our lock file knew before.
    private let locked: [RelativePath: Fingerprint]
    private(set) var report = ImportDVCReport()

    init(opened: OpenProject, options: ImportDVCOptions, monitor: any Monitor) throws {
        self.opened = opened
        self.options = options
        self.monitor = monitor
        let (root, files) = (opened.project.root, opened.project.fileSystem)
        config = try DVCConfig(ofProject: root, fileSystem: files)
        sources = try opened.dvcStores()
        tracked = try dvcTracked(in: opened.dvcFiles())
        let lock = try LockFileStore(root: root, locks: opened.project.locksFolder, fileSystem: files)
        let outputs = lock.current.stages.values.flatMap(\.outputs)
        locked = Dictionary(outputs.map { ($0.path, $0.fingerprint) }, uniquingKeysWith: { first, _ in first })
    }

    // MARK: Content

    mutating func takeContent() throws {
        let scratch = try ScratchFolder(in: opened.project.temporaryFolder, fileSystem: opened.project.fileSystem)
        for tracked in tracked where tracked.isCached {
            var item = ImportDVCReport.Item(
                path: tracked.path, record: tracked.record, stage: tracked.stage, state: .missing)
            do {
                if try isKnown(tracked) {
                    item.state = .already
                } else if options.isDryRun {
                    try look(for: tracked, &item)
                } else if let fingerprint = try take(tracked, scratch, &item), tracked.stage == nil {
                    try write(fingerprint, for: tracked)
                }
            } catch let error as any UserFacingError {
                item.state = .failed
                report.failures.append(error)
            }
            report.items.append(item)
        }
    }

    /// An out that our lock file knows is believed no more to DVC.
    private func isKnown(_ tracked: DVCTracked) throws -> Bool {
        if tracked.stage == nil { return try opened.workspace.pointer(of: tracked.path) != nil }
        return try locked[tracked.path].map { try opened.workspace.isKept($0) } ?? false
    }

    private func look(for tracked: DVCTracked, _ item: inout ImportDVCReport.Item) throws {
        item.fileCount = tracked.fileCount ?? 1
        for (name, store) in sources {
            let missing = try store.missing(of: tracked)
            if missing.isEmpty {
                (item.state, item.origin) = (.taken, name)
                return
            }
            if item.missing == nil { item.missing = missing[0] }
        }
        if try tracked.isHeld(by: opened.project.root, fileSystem: opened.project.fileSystem) {
            (item.state, item.origin, item.missing) = (.taken, "the workspace", nil)
        }
    }

    private func take(
        _ tracked: DVCTracked, _ scratch: ScratchFolder, _ item: inout ImportDVCReport.Item
    ) throws -> Fingerprint? {
        for (name, store) in sources {
            let taken = try store.take(tracked, into: opened.store, scratch: scratch, monitor: monitor)
            if let fingerprint = taken.fingerprint {
                (item.state, item.origin, item.missing) = (.taken, name, nil)
                (item.fileCount, item.sharedBytes, item.copiedBytes) =
                    (taken.fileCount, taken.sharedBytes, taken.copiedBytes)
                return fingerprint
            }
            if item.missing == nil { item.missing = taken.missing.first }
        }
        guard try tracked.isHeld(by: opened.project.root, fileSystem: opened.project.fileSystem) else { return nil }
        let kept = try opened.workspace.keep([tracked.path], monitor: monitor)[0]
        (item.state, item.origin, item.missing) = (.taken, "the workspace", nil)
        item.copiedBytes = kept.contentBytes
        item.fileCount = kept.fileCount
        return kept
    }

    private mutating func write(_ fingerprint: Fingerprint, for tracked: DVCTracked) throws {
        let git = try GitPlan(opened, [tracked.path])
        let pointer = PointerFile(
            path: tracked.path, fingerprint: fingerprint, source: tracked.dataSource(in: opened.project.root))
        try opened.workspace.write(pointer)
        report.written.append(pointer.place)
        report.written += try git.ignore([tracked.path], in: opened.workspace)
    }

    // MARK: Stages

    mutating func believeStages() throws {
        let pipeline: LoadedPipeline
        do {
            pipeline = try LoadedPipeline(.onDisk(root: opened.project.root))
        } catch PipelineLanguageError.noPipelineFile {
            return
        }
        let parts = try opened.pipelineParts(files: .onDisk(root: opened.project.root))
        let stages = pipeline.graph.order.map { pipeline.graph.stages[$0] }
        let before = parts.lock.current
        // Hashed now, so that what is in the store already is not copied into it again.
        if !options.isDryRun {
            for stage in stages {
                for output in stage.outputs { _ = try? opened.workspace.fingerprint(output.path) }
            }
        }
        _ = try parts.believeDVC(stages, options.isDryRun ? .look : .take)
        let known = parts.lock.current.stages
        for stage in stages {
            if known[stage.name] == nil {
                report.outdatedStages.append(stage.name)
            } else {
                report.currentStages.append(stage.name)
            }
        }
        if options.isDryRun { return }
        try parts.lock.flush()
        if parts.lock.current != before { report.written.append(LockFile.name) }
    }

    // MARK: What is left

    mutating func removeRecords() throws {
        guard options.removesRecords, !options.isDryRun else { return }
        let data = report.items.filter { $0.stage == nil }
        for record in Set(data.map(\.record)).sorted() {
            let isTaken = data.allSatisfy { $0.record != record || $0.state == .taken || $0.state == .already }
            guard isTaken else { continue }
            try opened.project.fileSystem.removeFile(opened.project.root.appending(record))
            report.removed.append(record)
        }
    }

    mutating func nameWhatIsLeft() throws {
        let records = Set(tracked.filter { $0.stage == nil }.map(\.record)).count - report.removed.count
        if records > 0 {
            report.left.append(
                "\(records) .dvc file\(records == 1 ? "" : "s"), for those who use DVC; --remove removes them")
        }
        report.left.append("DVC's cache, \(sources[0].store.folder): `dvc gc` or `rm` when nobody uses DVC any more")
        for name in config.remotes {
            report.left.append(
                "DVC remote \(name), \(config.url(ofRemote: name) ?? ""): `repro push` needs one of its own")
        }
        if let type = config.value("type", in: "cache") {
            report.left.append("cache.type \(type): set store.links in .repro/config.yaml to the same")
        }
        let runs = sources[0].store.folder.appending("runs")
        if try opened.project.fileSystem.status(of: runs) != nil {
            report.left.append("DVC's run cache: a stage that ran before with other params runs again")
        }
        let uncached = tracked.filter { !$0.isCached }.count
        if uncached > 0 {
            report.left.append("\(uncached) path\(uncached == 1 ? "" : "s") with `cache: false`, which Git keeps")
        }
    }
}

extension DVCTracked {
    /// Where the data comes from, as a pointer file of the project at `root` says it; nil for what was not imported.
    func dataSource(in root: AbsolutePath) -> DataSource? {
        switch origin {
        case nil: return nil
        case .address(let text, let etag):
            // A path is taken from the `.dvc` file's folder.
            let isURL = text.contains("://") || text.hasPrefix("/")
            let folder = root.appending(record.parent ?? .root)
            let address = isURL ? text : pathText(of: AbsolutePath(text, relativeTo: folder), from: root)
            return .address(address, etag: etag.map { $0.hasPrefix("\"") ? $0 : "\"\($0)\"" }, modified: nil)
        case .repository(let url, let path, let revision, let commit):
            guard let path = try? RelativePath(parsing: path) else { return nil }
            return .repository(RepositorySource(repository: url, path: path, revision: revision, commit: commit))
        }
    }
}

extension OpenProject {
    /// The files of DVC in the workspace, without those of projects in the project, and without what is in tracked data.
    func dvcFiles() throws -> [(path: RelativePath, content: [UInt8])] {
        let names = ["dvc.lock", "dvc.yaml"].map { Array($0.utf8) }
        var found: [(path: RelativePath, content: [UInt8])] = []
        var pending = [RelativePath.root]
        while let folder = pending.popLast() {
            let entries = try project.fileSystem.openFolder(project.root.appending(folder)).namesAndFolders()
            if !folder.isRoot, entries.contains(where: { projectFolders.contains($0.name) }) { continue }
            let rules = try workspace.ignoreRules(in: folder)
            var data: Set<[UInt8]> = []
            for entry in entries where !entry.isFolder {
                let path = folder.appending(name: entry.name)
                let subject = DVCPointer.subject(of: path)
                if let subject { data.insert(subject.name) }
                guard subject != nil || names.contains(entry.name), !rules.ignores(path, isFolder: false) else {
                    continue
                }
                found.append((path, try project.fileSystem.read(project.root.appending(path))))
            }
            for entry in entries where entry.isFolder && !data.contains(entry.name) {
                let path = folder.appending(name: entry.name)
                if passedOver.contains(entry.name) || rules.ignores(path, isFolder: true) { continue }
                pending.append(path)
            }
        }
        return found
    }
}

private let projectFolders = [".dvc", Project.folderName].map { Array($0.utf8) }

private let passedOver = Set(
    [".git", ".hg", ".svn", ".dvc", Project.folderName, "node_modules", "__pycache__", "site-packages"]
        .map { Array($0.utf8) })
