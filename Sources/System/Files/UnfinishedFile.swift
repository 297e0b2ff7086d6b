import Glibc
import Synchronization

/// A file on its way to its place: written under a name that nobody else uses, in the same folder, and renamed when it is
/// complete.
///
/// It is locked as long as its process lives. What a killed process left is therefore known by its lock, which is free, and
/// is removed by whoever meets it: `Folder.removeIfAbandoned`.
package final class UnfinishedFile: Sendable {
    package let path: AbsolutePath
    private let file: OpenFile
    private let fileSystem: FileSystem
    private let isRenamed = Mutex(false)

    package init(
        in folder: AbsolutePath, permissions: UInt32 = 0o666, fileSystem: FileSystem = .real
    ) throws(FileError) {
        self.fileSystem = fileSystem
        for _ in 0..<Self.attempts {
            let path = folder.appending(FileSystem.temporaryName())
            let file = try fileSystem.create(path, permissions: permissions)
            do throws(FileError) {
                try fileSystem.gate(.lock, path)
            } catch {
                _ = try? fileSystem.removeFile(path)
                throw error
            }
            // Somebody who looks for abandoned ones may have it between the two calls; then it is gone.
            if file.lockUnlessRemoved() {
                self.path = path
                self.file = file
                return
            }
        }
        throw FileError(.create, folder, .busy)
    }

    deinit { if !isRenamed.withLock({ $0 }) { _ = try? fileSystem.removeFile(path) } }

    private static let attempts = 100

    package func write(_ bytes: [UInt8]) throws(FileError) { try file.write(bytes) }

    package func write(_ bytes: RawSpan) throws(FileError) { try file.write(bytes) }

    package func append(contentOf source: borrowing OpenFile) throws(FileError) {
        if try !file.reflink(source) { try file.append(contentOf: source) }
    }

    /// Makes what was written survive a power cut, and reports what only that brings to light.
    package func synchronise() throws(FileError) { try file.synchronise() }

    /// Takes its place, in one step; a file that is there is replaced.
    package func rename(to target: AbsolutePath) throws(FileError) {
        try fileSystem.rename(path, to: target)
        isRenamed.withLock { $0 = true }
    }

    /// Is at `target`, too, unless something is there, which is an error (`alreadyExists`).
    package func link(to target: AbsolutePath) throws(FileError) { try fileSystem.hardLink(path, to: target) }
}

/// A folder for files that are not finished, beside the place where they are to be and so on its file system; locked, and
/// removed if it is abandoned, as an `UnfinishedFile` is.
package final class UnfinishedFolder: Sendable {
    package let folder: Folder
    private let fileSystem: FileSystem

    package init(in parent: AbsolutePath, fileSystem: FileSystem = .real) throws(FileError) {
        self.fileSystem = fileSystem
        for _ in 0..<Self.attempts {
            let path = parent.appending(FileSystem.temporaryName())
            try fileSystem.makeFolder(path)
            guard let folder = try Self.open(path, fileSystem), folder.lockUnlessRemoved() else { continue }
            self.folder = folder
            return
        }
        throw FileError(.makeFolder, parent, .busy)
    }

    deinit { try? fileSystem.removeTree(folder.path) }

    private static let attempts = 100

    /// Nil if it was taken for abandoned.
    private static func open(_ path: AbsolutePath, _ fileSystem: FileSystem) throws(FileError) -> Folder? {
        do throws(FileError) {
            return try fileSystem.openFolder(path)
        } catch {
            if error.reason == .notFound { return nil }
            throw error
        }
    }
}

extension Folder {
    /// Removes the entry if it is an unfinished file or folder of ours whose process has died. What cannot be removed stays:
    /// it is garbage, and harmless.
    package func removeIfAbandoned(_ name: [UInt8]) {
        guard FileSystem.isTemporaryName(name), (try? fileSystem.gate(.lock, path(of: name))) != nil else { return }
        let flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        let entry = withCName(name) { openat(descriptor.number, $0, flags) }
        if entry < 0 { return }
        defer { close(entry) }
        // Held until it is removed: who has just made it waits for the lock, and then sees that it is gone.
        if flock(entry, LOCK_EX | LOCK_NB) != 0 { return }
        try? removeEntry(name)
    }

    /// The same of all entries.
    package func removeAbandoned() {
        for name in (try? names()) ?? [] { removeIfAbandoned(name) }
    }

    borrowing func lockUnlessRemoved() -> Bool { Files.lockUnlessRemoved(descriptor.number) }
}

extension OpenFile {
    borrowing func lockUnlessRemoved() -> Bool { withDescriptor { Files.lockUnlessRemoved($0) } }
}

/// Locks what was just made; false if it was removed meanwhile. Where the file system has no locks, nobody can take it for
/// abandoned either.
private func lockUnlessRemoved(_ descriptor: Int32) -> Bool {
    while flock(descriptor, LOCK_EX) != 0 {
        if errno != EINTR { return true }
    }
    var status = stat()
    return fstat(descriptor, &status) != 0 || status.st_nlink > 0
}
