import Files
import Synchronization

/// Where one process writes objects that are not finished: a folder that a lock keeps alive.
///
/// When a process dies its lock is gone, and the next one that writes removes what it left.
final class IncomingFolder: Sendable {
    private let path: AbsolutePath
    private let lockPath: AbsolutePath
    private let lock: FileLock
    private let fileSystem: FileSystem
    private let lastNumber = Mutex(0)

    init(in paths: StorePaths, fileSystem: FileSystem) throws {
        try fileSystem.makeFolder(paths.incoming)
        Self.removeAbandoned(in: paths, fileSystem)
        // A sweeper may take the new lock before we do; then another name is tried.
        for _ in 0..<Self.attempts {
            let name = String(UInt64.random(in: .min ... .max), radix: 36)
            let lockPath = paths.incoming.appending(name + Self.lockSuffix)
            guard let lock = try FileLock.tryAcquire(lockPath, in: fileSystem) else { continue }
            self.path = paths.incoming.appending(name)
            self.lockPath = lockPath
            self.lock = lock
            self.fileSystem = fileSystem
            try fileSystem.makeFolder(path)
            return
        }
        throw FileError(.lock, paths.incoming, .busy)
    }

    deinit {
        try? fileSystem.removeTree(path)
        _ = try? fileSystem.removeFile(lockPath)
    }

    func nextPath() -> AbsolutePath {
        let number = lastNumber.withLock { last in
            last += 1
            return last
        }
        return path.appending(String(number))
    }

    private static let attempts = 100
    private static let lockSuffix = ".lock"

    /// What cannot be removed stays: it is garbage, and harmless.
    private static func removeAbandoned(in paths: StorePaths, _ fileSystem: FileSystem) {
        guard let names = try? fileSystem.openFolder(paths.incoming).names() else { return }
        let suffix = Array(lockSuffix.utf8)
        for name in names where name.suffix(suffix.count).elementsEqual(suffix) {
            let lockPath = paths.incoming.appending(RelativePath(unchecked: name))
            guard let lock = try? FileLock.tryAcquire(lockPath, in: fileSystem) else { continue }
            let folder = paths.incoming.appending(RelativePath(unchecked: name.dropLast(suffix.count)))
            try? fileSystem.removeTree(folder)
            _ = try? fileSystem.removeFile(lockPath)
            withExtendedLifetime(lock) {}
        }
    }
}
