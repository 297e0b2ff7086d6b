import Files
import Synchronization

/// Held by whoever makes a result, in this or another process, in this or another project over the same store. Its file
/// goes when it is released: there would be one for each result that was ever made.
final class ResultLock: Sendable {
    private let path: AbsolutePath
    private let fileSystem: FileSystem
    private let held = Mutex<FileLock?>(nil)

    init(path: AbsolutePath, fileSystem: FileSystem) {
        self.path = path
        self.fileSystem = fileSystem
    }

    /// False if someone else has it.
    func tryAcquire() throws -> Bool {
        if let folder = path.parent { try fileSystem.makeFolders(folder) }
        let lock = try FileLock.tryAcquire(path, in: fileSystem)
        held.withLock { $0 = lock }
        return lock != nil
    }

    func release() {
        held.withLock { lock in
            // While it is held: who opens the file just before sees that it is gone, and makes a new one.
            if lock != nil { _ = try? fileSystem.removeFile(path) }
            lock = nil
        }
    }
}
