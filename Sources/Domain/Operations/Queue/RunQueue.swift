import Diagnostics
import Experiments
import Files
import JSON
import Workspaces

/// The runs of a project that wait, or are being worked on: one file an entry, and beside it the entry's tree.
///
///     .repro/queue/<run>.json      the entry, until its run is over
///     .repro/queue/<run>/          its tree: a project of its own, over the same store
///     .repro/queue/<run>.stop      someone asked the run to stop
///     .repro/locks/queue-<run>     held by the worker that has it
struct RunQueue: Sendable {
    let project: Project

    private var folder: AbsolutePath { project.folder.appending("queue") }
    private var files: FileSystem { project.fileSystem }

    func tree(of run: RunID) -> AbsolutePath { folder.appending(run.text) }
    private func entryFile(_ run: RunID) -> AbsolutePath { folder.appending("\(run.text).json") }
    private func stopFile(_ run: RunID) -> AbsolutePath { folder.appending("\(run.text).stop") }

    func add(_ entry: QueueEntry) throws {
        try files.makeFolders(folder)
        try files.writeAtomically(Array((entry.json.text() + "\n").utf8), to: entryFile(entry.run))
    }

    /// The entry and all that belongs to it.
    func remove(_ run: RunID) throws {
        // The entry goes last: until then the next worker finds it and finishes the removal.
        try files.removeTree(tree(of: run))
        _ = try files.removeFile(stopFile(run))
        _ = try files.removeFile(entryFile(run))
    }

    /// In the order in which they were queued. A file that is no entry of this version is passed over.
    func entries() throws -> [QueueEntry] {
        guard try files.status(of: folder) != nil else { return [] }
        let suffix = Array(".json".utf8)
        let entries = try files.openFolder(folder).names().compactMap { name -> QueueEntry? in
            guard name.suffix(suffix.count).elementsEqual(suffix) else { return nil }
            let content = try files.readIfPresent(folder.appending(RelativePath(unchecked: name)))
            return content.flatMap { try? JSONValue(parsing: $0) }.flatMap(QueueEntry.init(json:))
        }
        return entries.sorted { a, b in
            (a.queuedAt.milliseconds, a.position, a.run.text) < (b.queuedAt.milliseconds, b.position, b.run.text)
        }
    }

    /// Nil if another worker has it.
    func claim(_ run: RunID) throws -> FileLock? {
        try files.makeFolders(project.locksFolder)
        return try FileLock.tryAcquire(project.locksFolder.appending("queue-\(run.text)"), in: files)
    }

    func isClaimed(_ run: RunID) throws -> Bool { try claim(run) == nil }

    func askToStop(_ run: RunID) throws { try files.writeAtomically([], to: stopFile(run)) }

    func isAskedToStop(_ run: RunID) -> Bool { (try? files.status(of: stopFile(run))) ?? nil != nil }
}
