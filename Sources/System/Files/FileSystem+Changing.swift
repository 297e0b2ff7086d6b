import CLinux
import Glibc

extension FileSystem {
    // MARK: Folders

    /// Makes one folder; false if there is one already.
    @discardableResult
    package func makeFolder(_ path: AbsolutePath, permissions: UInt32 = 0o777) throws(FileError) -> Bool {
        try gate(.makeFolder, path)
        do throws(FileError) {
            try path.withCString { cPath throws(FileError) in
                try retryingInterrupts(.makeFolder, path) { mkdir(cPath, mode_t(permissions)) }
            }
            // With the bit that hands the group on to what is made in it.
            if sharesWithGroup { try setPermissions(path, permissions & ~0o002 | 0o2070) }
            return true
        } catch {
            if error.reason == .alreadyExists, try statusFollowingLinks(of: path)?.kind == .folder { return false }
            throw error
        }
    }

    /// Makes a folder and all that is missing above it.
    package func makeFolders(_ path: AbsolutePath) throws(FileError) {
        do throws(FileError) {
            try makeFolder(path)
        } catch {
            guard error.reason == .notFound, let parent = path.parent else { throw error }
            try makeFolders(parent)
            try makeFolder(path)
        }
    }

    /// Makes what was renamed into, created in or removed from a folder survive a power cut.
    package func synchroniseFolder(_ path: AbsolutePath) throws(FileError) {
        try gate(.synchronise, path)
        let descriptor = try path.withCString { cPath throws(FileError) in
            try retryingInterrupts(.open, path) { Glibc.open(cPath, O_RDONLY | O_CLOEXEC | O_DIRECTORY) }
        }
        defer { close(descriptor) }
        try retryingInterrupts(.synchronise, path) { fsync(descriptor) }
    }

    /// Makes all that was written to the file system that holds `path` survive a power cut: for many files at once.
    package func synchroniseFileSystem(holding path: AbsolutePath) throws(FileError) {
        try gate(.synchronise, path)
        let descriptor = try path.withCString { cPath throws(FileError) in
            try retryingInterrupts(.open, path) { Glibc.open(cPath, O_RDONLY | O_CLOEXEC) }
        }
        defer { close(descriptor) }
        try retryingInterrupts(.synchronise, path) { linux_syncfs(descriptor) }
    }

    // MARK: Names

    /// Gives a file or folder another name, in one step; a file of the new name is replaced.
    package func rename(_ source: AbsolutePath, to target: AbsolutePath) throws(FileError) {
        try gate(.rename, target)
        try source.withCString { from throws(FileError) in
            try target.withCString { to throws(FileError) in
                try retryingInterrupts(.rename, target) { Glibc.rename(from, to) }
            }
        }
    }

    /// As `rename`, but if the new name is taken, that is an error (`alreadyExists`).
    package func renameToNew(_ source: AbsolutePath, to target: AbsolutePath) throws(FileError) {
        try gate(.rename, target)
        try source.withCString { from throws(FileError) in
            try target.withCString { to throws(FileError) in
                try retryingInterrupts(.rename, target) { linux_rename_new(from, to) }
            }
        }
    }

    /// A second name for the same file.
    package func hardLink(_ source: AbsolutePath, to target: AbsolutePath) throws(FileError) {
        try gate(.link, target)
        try source.withCString { from throws(FileError) in
            try target.withCString { to throws(FileError) in
                try retryingInterrupts(.link, target) { Glibc.link(from, to) }
            }
        }
    }

    /// A symbolic link at `path` that says `destination`.
    package func symbolicLink(at path: AbsolutePath, to destination: [UInt8]) throws(FileError) {
        try gate(.link, path)
        try path.withCString { cPath throws(FileError) in
            try retryingInterrupts(.link, path) { withCName(destination) { symlink($0, cPath) } }
        }
    }

    package func setPermissions(_ path: AbsolutePath, _ permissions: UInt32) throws(FileError) {
        try gate(.changeAttributes, path)
        try path.withCString { cPath throws(FileError) in
            try retryingInterrupts(.changeAttributes, path) { chmod(cPath, mode_t(permissions)) }
        }
    }

    /// Sets the time of change to now; false if nothing is there.
    package func touch(_ path: AbsolutePath) throws(FileError) -> Bool {
        try gate(.changeAttributes, path)
        return try path.withCString { cPath throws(FileError) in
            if utimensat(AT_FDCWD, cPath, nil, 0) == 0 { return true }
            let code = errno
            if code == ENOENT { return false }
            throw FileError(.changeAttributes, path, errno: code)
        }
    }

    // MARK: Removing

    /// Removes a file or a symbolic link; false if nothing was there.
    @discardableResult
    package func removeFile(_ path: AbsolutePath) throws(FileError) -> Bool {
        try gate(.remove, path)
        return try path.withCString { cPath throws(FileError) in
            if unlink(cPath) == 0 { return true }
            let code = errno
            if code == ENOENT || code == ENOTDIR { return false }
            throw FileError(.remove, path, errno: code)
        }
    }

    /// Removes a folder that is empty; false if it was absent or is not empty.
    @discardableResult
    package func removeEmptyFolder(_ path: AbsolutePath) throws(FileError) -> Bool {
        try gate(.remove, path)
        return try path.withCString { cPath throws(FileError) in
            if rmdir(cPath) == 0 { return true }
            let code = errno
            if code == ENOENT || code == ENOTEMPTY || code == EEXIST { return false }
            throw FileError(.remove, path, errno: code)
        }
    }

    /// Removes whatever is at `path`, with all that is below; nothing if it is absent. Links are not followed.
    package func removeTree(_ path: AbsolutePath) throws(FileError) {
        guard let status = try status(of: path) else { return }
        guard status.kind == .folder else {
            try removeFile(path)
            return
        }
        do {
            let folder = try openFolder(path)
            try folder.removeContent()
        }
        try removeEmptyFolder(path)
    }

    // MARK: Whole files

    /// Writes a file so that a crash leaves the old content or the new one, never a mixture; durable on return.
    package func writeAtomically(
        _ bytes: [UInt8], to path: AbsolutePath, permissions: UInt32 = 0o666
    ) throws(FileError) {
        let folder = path.parent ?? .fileSystemRoot
        let temporary = folder.appending(Self.temporaryName())
        do throws(FileError) {
            let file = try create(temporary, permissions: permissions)
            try file.write(bytes)
            try file.synchronise()
            try file.close()
            try rename(temporary, to: path)
        } catch {
            _ = try? removeFile(temporary)
            throw error
        }
        try synchroniseFolder(folder)
    }

    /// A name that nobody uses: for a file that is renamed once it is complete.
    package static func temporaryName() -> String {
        temporaryNamePrefix + String(getpid()) + "-" + String(UInt64.random(in: .min ... .max), radix: 36)
    }

    /// What names of unfinished files begin with. A walk may pass over them.
    package static let temporaryNamePrefix = ".repro-unfinished-"

    /// Waits until the clock that stamps files has moved on by so much.
    package static func wait(nanoseconds: Int64) { usleep(UInt32(clamping: nanoseconds / 1000 + 1)) }

    /// This moment, by the clock that stamps files.
    package static func nowNanoseconds() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }
}
