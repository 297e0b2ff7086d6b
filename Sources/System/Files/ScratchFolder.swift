import Synchronization

/// Where one process keeps unfinished files: a folder that a lock keeps alive.
///
/// When a process dies its lock is gone, and the next one that makes a scratch folder beside it removes what it left.
/// Removed when the last reference goes.
package final class ScratchFolder: Sendable {
    private let path: AbsolutePath
    private let lockPath: AbsolutePath
    private let lock: FileLock
    private let fileSystem: FileSystem
    private let lastNumber = Mutex(0)

    /// Makes one in `parent`, which holds nothing else and is made if it is missing.
    package init(in parent: AbsolutePath, fileSystem: FileSystem = .real) throws {
        try fileSystem.makeFolders(parent)
        Self.removeAbandoned(in: parent, fileSystem)
        // A sweeper may take the new lock before we do; then another name is tried.
        for _ in 0..<Self.attempts {
            let name = String(UInt64.random(in: .min ... .max), radix: 36)
            let lockPath = parent.appending(name + Self.lockSuffix)
            guard let lock = try FileLock.tryAcquire(lockPath, in: fileSystem) else { continue }
            self.path = parent.appending(name)
            self.lockPath = lockPath
            self.lock = lock
            self.fileSystem = fileSystem
            try fileSystem.makeFolder(path)
            return
        }
        throw FileError(.lock, parent, .busy)
    }

    deinit {
        try? fileSystem.removeTree(path)
        _ = try? fileSystem.removeFile(lockPath)
    }

    /// A path in it that nobody has been given before.
    package func nextPath() -> AbsolutePath {
        let number = lastNumber.withLock { last in
            last += 1
            return last
        }
        return path.appending(String(number))
    }

    /// When it was made, by the clock that stamps files.
    package func startNanoseconds() throws -> Int64 {
        guard let status = try fileSystem.status(of: lockPath) else { throw FileError(.inspect, lockPath, .notFound) }
        return status.modifiedNanoseconds
    }

    /// When each scratch folder in `parent` was made whose process lives, this one among them.
    package static func startsOfLiving(in parent: AbsolutePath, fileSystem: FileSystem = .real) throws -> [Int64] {
        guard try fileSystem.status(of: parent) != nil else { return [] }
        let suffix = Array(lockSuffix.utf8)
        var starts: [Int64] = []
        for name in try fileSystem.openFolder(parent).names() where name.suffix(suffix.count).elementsEqual(suffix) {
            let lockPath = parent.appending(RelativePath(unchecked: name))
            // Before the lock is tried, which changes the time.
            guard let status = try fileSystem.status(of: lockPath) else { continue }
            if try FileLock.tryAcquire(lockPath, sharing: .shared, in: fileSystem) == nil {
                starts.append(status.modifiedNanoseconds)
            }
        }
        return starts
    }

    private static let attempts = 100
    private static let lockSuffix = ".lock"

    /// What cannot be removed stays: it is garbage, and harmless.
    private static func removeAbandoned(in parent: AbsolutePath, _ fileSystem: FileSystem) {
        guard let names = try? fileSystem.openFolder(parent).names() else { return }
        let suffix = Array(lockSuffix.utf8)
        for name in names where name.suffix(suffix.count).elementsEqual(suffix) {
            let lockPath = parent.appending(RelativePath(unchecked: name))
            guard let lock = try? FileLock.tryAcquire(lockPath, in: fileSystem) else { continue }
            try? fileSystem.removeTree(parent.appending(RelativePath(unchecked: name.dropLast(suffix.count))))
            _ = try? fileSystem.removeFile(lockPath)
            withExtendedLifetime(lock) {}
        }
    }
}
