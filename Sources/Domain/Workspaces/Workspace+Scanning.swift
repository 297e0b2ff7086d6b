import Diagnostics
import Files
import Objects
import Synchronization

extension Workspace {
    /// What is at `path`, down to each byte, with all its listings; nil if nothing is there. `knowing`: whether the index
    /// is believed. `ignoring`: whether ignore files count.
    func snapshot(
        _ path: RelativePath, knowing: Bool, ignoring: Bool = true, monitor: any Monitor = SilentMonitor()
    ) throws -> Snapshot? {
        let trees = Mutex<[RelativePath: Snapshot.StoredTree]>([:])
        let found = try look(at: path, knowing: knowing, ignoring: ignoring, monitor: monitor) { path, tree in
            trees.withLock { $0[path] = tree }
        }
        return found.map { found in
            Snapshot(fingerprint: found.fingerprint, trees: trees.withLock { $0 }, ignored: found.ignored)
        }
    }

    /// The same without keeping the listings: each is handed over as it is made.
    func look(
        at path: RelativePath, knowing: Bool, ignoring: Bool = true, monitor: any Monitor = SilentMonitor(),
        _ finished: @escaping @Sendable (RelativePath, Snapshot.StoredTree) throws -> Void = { _, _ in }
    ) throws -> (fingerprint: Fingerprint, ignored: Set<RelativePath>)? {
        let reader = ContentReader(workspace: self)
        let purpose = SurveyPurpose(
            usesIndex: knowing, usesIgnoreFiles: ignoring,
            read: { file, source, advanced in try reader.digest(of: file, source, advanced) }, finished: finished)
        return try Survey(self, purpose, as: "reading \(path)", monitor: monitor).run(path)
    }
}
