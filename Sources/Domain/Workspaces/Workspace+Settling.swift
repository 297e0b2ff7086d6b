import Diagnostics
import Files
import Synchronization
import Threads

extension Workspace {
    /// While `body` runs, files that were written a moment ago are read at once. Else each is left alone until it is a
    /// step of the file system's clock old, so that what is remembered of it can be relied on: a chain of quick stages
    /// would spend most of its time so. Those that were too young are read once more at the end, all together.
    package func settlingLater<Result>(_ body: () throws -> Result) rethrows -> Result {
        young.withLock { $0 = $0 ?? [] }
        defer {
            let paths = young.withLock { young in
                defer { young = nil }
                return young ?? []
            }
            settle(Array(paths))
        }
        return try body()
    }

    /// Reading more than this twice takes longer than waiting.
    private static let quicklyReadBytes: UInt64 = 1 << 20

    /// Whether a file that is too young may be read all the same, for it is looked at again later.
    func putsOffSettling(of path: RelativePath, sizeBytes: UInt64) -> Bool {
        if sizeBytes > Self.quicklyReadBytes { return false }
        return young.withLock { young in
            if young == nil { return false }
            young?.insert(path)
            return true
        }
    }

    /// What cannot be read is not remembered, and will be read when it is needed.
    private func settle(_ paths: [RelativePath]) {
        let reader = ContentReader(workspace: self)
        let meter = WorkMeter("reading young files again", monitor: SilentMonitor())
        // A later look at one may have found it old enough.
        let unsettled = index.states(of: paths).filter { !$0.state.isSettled }
        let settled = try? mapConcurrently(unsettled, width: width) { path, state in
            let status = try? files.statusFollowingLinks(of: project.root.appending(path))
            guard let status, status.kind == .file else { return FileState?.none }
            let file = FoundFile(path: path, folder: nil, followsLink: true, status: status, remembered: state)
            var told = 0
            return try? reader.state(of: file, meter, &told, reader.digest)
        }
        index.update(zip(unsettled, settled ?? []).compactMap { known, state in state.map { (known.path, $0) } })
    }
}
