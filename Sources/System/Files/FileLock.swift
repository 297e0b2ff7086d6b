package import Diagnostics
import Glibc

/// A lock that one process holds, or several share; a process that dies loses it at once, however it dies.
///
/// The file stays behind; only the kernel's lock on it counts (`flock`). It holds a line about who took it last, for
/// the message to whoever finds it taken. Given up when the last reference goes, or by `release`.
package final class FileLock: Sendable {
    package enum Sharing: Sendable { case exclusive, shared }

    private let path: AbsolutePath
    private let descriptor: Int32

    private init(path: AbsolutePath, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Takes the lock at `path`, whose folder is made if it is missing: a project that Git has just cloned has none. Nil if
    /// someone else holds it.
    package static func tryAcquire(
        _ path: AbsolutePath, sharing: Sharing = .exclusive, in fileSystem: FileSystem = .real
    ) throws(FileError) -> FileLock? {
        do throws(FileError) {
            return try tryAcquire(path, sharing, fileSystem)
        } catch {
            guard error.reason == .notFound, let folder = path.parent else { throw error }
            try fileSystem.makeFolders(folder)
            return try tryAcquire(path, sharing, fileSystem)
        }
    }

    private static func tryAcquire(
        _ path: AbsolutePath, _ sharing: Sharing, _ fileSystem: FileSystem
    ) throws(FileError) -> FileLock? {
        while true {
            try fileSystem.gate(.lock, path)
            let descriptor = try path.withCString { cPath throws(FileError) in
                try retryingInterrupts(.lock, path) {
                    let descriptor = open(cPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
                    // Another user's: who may read it may lock it, and only cannot write down who has it.
                    return descriptor == -1 && errno == EACCES ? open(cPath, O_RDONLY | O_CLOEXEC) : descriptor
                }
            }
            fileSystem.share(descriptor, permissions: 0o666)
            let lock = FileLock(path: path, descriptor: descriptor)
            do throws(FileError) {
                let mode = sharing == .exclusive ? LOCK_EX : LOCK_SH
                try retryingInterrupts(.lock, path) { flock(descriptor, mode | LOCK_NB) }
            } catch {
                if error.reason == .busy { return nil }
                throw error
            }
            // If the file was removed between the two calls, we hold a lock that nobody else can see.
            let file = OpenFile(descriptor: Descriptor(dup(descriptor)), path: path, fileSystem: fileSystem)
            if try fileSystem.status(of: path)?.inode == file.status().inode {
                if sharing == .exclusive { lock.noteHolder() }
                return lock
            }
        }
    }

    /// Takes the lock, waiting at most `timeout` for whoever holds it.
    package static func acquire(
        _ path: AbsolutePath, sharing: Sharing = .exclusive, timeout: Duration, in fileSystem: FileSystem = .real
    ) throws -> FileLock {
        let deadline = ContinuousClock.now + timeout
        var pauseMicroseconds: UInt32 = 1000
        while true {
            if let lock = try tryAcquire(path, sharing: sharing, in: fileSystem) { return lock }
            if ContinuousClock.now >= deadline {
                throw LockError(path: path, holder: Self.holder(of: path, in: fileSystem))
            }
            usleep(pauseMicroseconds)
            pauseMicroseconds = min(pauseMicroseconds * 2, 50_000)
        }
    }

    /// What the last exclusive holder wrote: its process id; nil if that is not to be had.
    private static func holder(of path: AbsolutePath, in fileSystem: FileSystem) -> String? {
        guard let bytes = try? fileSystem.readIfPresent(path), !bytes.isEmpty else { return nil }
        return String(decoding: bytes.prefix(200).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    private func noteHolder() {
        let text = Array("process \(getpid())\n".utf8)
        // Only for people: if it fails, the lock holds all the same.
        if ftruncate(descriptor, 0) == 0 {
            _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        }
    }
}

/// Someone else holds the lock.
package struct LockError: UserFacingError, Equatable {
    package let path: AbsolutePath
    package let holder: String?

    package init(path: AbsolutePath, holder: String?) {
        self.path = path
        self.holder = holder
    }

    package var kind: ErrorKind { .conflict }
    package var message: String { "\(path) is locked by " + (holder ?? "another process") }
    package var hint: String? { "wait until it is done, or end it" }
}
