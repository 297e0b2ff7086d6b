package import Files
package import Hashing
import Synchronization

/// The lock file of a workspace, on disk: read once, changed stage by stage, written rarely.
///
/// Changes are gathered and written by `flush`, so that a run of a thousand stages does not write a growing file a
/// thousand times. What a killed process had not flushed is not lost: the run cache has it, and the next run restores
/// from there. Several processes may write: each puts only its own changes into what is on disk.
package final class LockFileStore: Sendable {
    private struct State {
        var changes: [StageName: LockedStage?] = [:]
        var current: LockFile
        /// The file as our last write left it, and what it says: while it is that file, it need not be read again.
        var written: (status: FileStatus, content: LockFile)?
        var contentDigest: XXH3Digest?
    }

    private let path: AbsolutePath
    /// Guards the file against writers of other processes.
    private let guardPath: AbsolutePath
    private let fileSystem: FileSystem
    private let state: Mutex<State>

    /// Reads the lock file of the project at `root`; `locks` is a folder for locks that exists.
    package init(root: AbsolutePath, locks: AbsolutePath, fileSystem: FileSystem) throws {
        path = root.appending(LockFile.name)
        guardPath = locks.appending("lock-file")
        self.fileSystem = fileSystem
        let content = try fileSystem.readIfPresent(path)
        state = Mutex(
            State(
                current: try content.map { try LockFile(parsing: $0) } ?? LockFile(),
                contentDigest: content.map { XXH3.hash($0) }))
    }

    /// As read and changed so far.
    package var current: LockFile { state.withLock { $0.current } }

    /// Of the file that `current` is, byte for byte; nil if there was none, or if it is not what was read first.
    package var contentDigest: XXH3Digest? { state.withLock { $0.contentDigest } }

    /// Sets, or with nil removes, what a stage last did.
    package func update(_ stage: StageName, to locked: LockedStage?) {
        state.withLock { state in
            if state.current.stages[stage] == locked { return }
            state.contentDigest = nil
            state.current.stages[stage] = locked
            state.changes.updateValue(locked, forKey: stage)
        }
    }

    /// Reads the entry of one stage again, in case another process has just run it.
    package func reload() throws {
        let onDisk = try Self.read(path, fileSystem)
        state.withLock { state in
            state.current = onDisk.applying(state.changes)
            state.contentDigest = nil
        }
    }

    /// Writes the changes, if there are any; durable on return.
    package func flush() throws {
        let changes = state.withLock { $0.changes }
        if changes.isEmpty { return }
        let writerLock = try FileLock.acquire(guardPath, timeout: Self.lockTimeout, in: fileSystem)
        let merged = try withExtendedLifetime(writerLock) {
            let merged = try contentOnDisk().applying(changes)
            try fileSystem.writeAtomically(Array(merged.text().utf8), to: path)
            return (content: merged, status: try fileSystem.status(of: path))
        }
        state.withLock { state in
            state.written = merged.status.map { ($0, merged.content) }
            for (stage, written) in changes {
                if let waiting = state.changes[stage], waiting == written { state.changes[stage] = nil }
            }
            state.current = merged.content.applying(state.changes)
        }
    }

    /// Read only if someone else has written it since we did: a run of many stages must not parse it at each flush.
    private func contentOnDisk() throws -> LockFile {
        let written = state.withLock { $0.written }
        if let written, try fileSystem.status(of: path) == written.status { return written.content }
        return try Self.read(path, fileSystem)
    }

    /// Writing takes milliseconds; whoever holds the lock longer is stuck.
    private static let lockTimeout = Duration.seconds(30)

    private static func read(_ path: AbsolutePath, _ fileSystem: FileSystem) throws -> LockFile {
        guard let bytes = try fileSystem.readIfPresent(path) else { return LockFile() }
        return try LockFile(parsing: bytes)
    }
}

extension LockFile {
    fileprivate func applying(_ changes: [StageName: LockedStage?]) -> LockFile {
        var result = self
        for (stage, locked) in changes { result.stages[stage] = locked }
        return result
    }
}
