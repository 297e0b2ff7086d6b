import CLinux
import Glibc

extension FileSystem {
    // MARK: Folders

    /// Makes one folder; false if there is one already.
    @discardableResult
    package func makeFolder(_ path: AbsolutePath, permissions: UInt32 = 0o777) throws(FileError) -> Bool {
        try gate(.makeFolder, path)
        do throws(FileError) {
            try reach(path, .makeFolder) { folder, name throws(FileError) in
                try retryingInterrupts(.makeFolder, path) { mkdirat(folder, name, mode_t(permissions)) }
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
        let descriptor = try reach(path, .open) { folder, name throws(FileError) in
            try retryingInterrupts(.open, path) { openat(folder, name, O_RDONLY | O_CLOEXEC | O_DIRECTORY) }
        }
        defer { close(descriptor) }
        try retryingInterrupts(.synchronise, path) { fsync(descriptor) }
    }

    /// Makes all that was written to the file system that holds `path` survive a power cut: for many files at once.
    package func synchroniseFileSystem(holding path: AbsolutePath) throws(FileError) {
        try gate(.synchronise, path)
        let descriptor = try reach(path, .open) { folder, name throws(FileError) in
            try retryingInterrupts(.open, path) { openat(folder, name, O_RDONLY | O_CLOEXEC) }
        }
        defer { close(descriptor) }
        try retryingInterrupts(.synchronise, path) { linux_syncfs(descriptor) }
    }

    // MARK: Names

    /// Gives a file or folder another name, in one step; a file of the new name is replaced.
    package func rename(_ source: AbsolutePath, to target: AbsolutePath) throws(FileError) {
        try gate(.rename, target)
        try reach(source, .rename) { fromFolder, from throws(FileError) in
            try reach(target, .rename) { toFolder, to throws(FileError) in
                try retryingInterrupts(.rename, target) { renameat(fromFolder, from, toFolder, to) }
            }
        }
    }

    /// As `rename`, but if the new name is taken, that is an error (`alreadyExists`).
    package func renameToNew(_ source: AbsolutePath, to target: AbsolutePath) throws(FileError) {
        try gate(.rename, target)
        try reach(source, .rename) { fromFolder, from throws(FileError) in
            try reach(target, .rename) { toFolder, to throws(FileError) in
                try retryingInterrupts(.rename, target) { linux_rename_new_at(fromFolder, from, toFolder, to) }
            }
        }
    }

    /// A second name for the same file.
    package func hardLink(_ source: AbsolutePath, to target: AbsolutePath) throws(FileError) {
        try gate(.link, target)
        try reach(source, .link) { fromFolder, from throws(FileError) in
            try reach(target, .link) { toFolder, to throws(FileError) in
                try retryingInterrupts(.link, target) { linkat(fromFolder, from, toFolder, to, 0) }
            }
        }
    }

    /// A symbolic link at `path` that says `destination`.
    package func symbolicLink(at path: AbsolutePath, to destination: [UInt8]) throws(FileError) {
        try gate(.link, path)
        try reach(path, .link) { folder, name throws(FileError) in
            try retryingInterrupts(.link, path) { withCName(destination) { symlinkat($0, folder, name) } }
        }
    }

    package func setPermissions(_ path: AbsolutePath, _ permissions: UInt32) throws(FileError) {
        try gate(.changeAttributes, path)
        try reach(path, .changeAttributes) { folder, name throws(FileError) in
            try retryingInterrupts(.changeAttributes, path) { fchmodat(folder, name, mode_t(permissions), 0) }
        }
    }

    /// Sets the time of change to now; false if nothing is there.
    package func touch(_ path: AbsolutePath) throws(FileError) -> Bool {
        try gate(.changeAttributes, path)
        return try reach(path, .changeAttributes) { folder, name throws(FileError) in
            if utimensat(folder, name, nil, 0) == 0 { return true }
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
        return try removing(path) { unlinkat($0, $1, 0) }
    }

    /// False if nothing was there.
    private func removing(
        _ path: AbsolutePath, _ call: (Int32, UnsafePointer<CChar>) -> Int32
    ) throws(FileError) -> Bool {
        do throws(FileError) {
            try reach(path, .remove) { folder, name throws(FileError) in
                try retryingInterrupts(.remove, path) { call(folder, name) }
            }
            return true
        } catch {
            if error.reason == .notFound || error.reason == .notAFolder { return false }
            throw error
        }
    }

    /// Removes a folder that is empty; false if it was absent or is not empty.
    @discardableResult
    package func removeEmptyFolder(_ path: AbsolutePath) throws(FileError) -> Bool {
        try gate(.remove, path)
        do throws(FileError) {
            return try removing(path) { unlinkat($0, $1, AT_REMOVEDIR) }
        } catch {
            if error.reason == .folderNotEmpty || error.reason == .alreadyExists { return false }
            throw error
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
        let unfinished = try UnfinishedFile(in: folder, permissions: permissions, fileSystem: self)
        try unfinished.write(bytes)
        try unfinished.synchronise()
        try unfinished.rename(to: path)
        try synchroniseFolder(folder)
    }

    /// As `writeAtomically`, but not durable: after a power cut the file may be the old one, empty or damaged. For what can
    /// be made again, and is checked when it is read.
    package func replace(_ path: AbsolutePath, with bytes: [UInt8]) throws(FileError) {
        let unfinished = try UnfinishedFile(in: path.parent ?? .fileSystemRoot, fileSystem: self)
        try unfinished.write(bytes)
        try unfinished.rename(to: path)
    }

    /// A name that nobody uses: for a file that is renamed once it is complete.
    package static func temporaryName() -> String {
        temporaryNamePrefix + String(getpid()) + "-" + String(UInt64.random(in: .min ... .max), radix: 36)
    }

    /// What names of unfinished files begin with. A walk may pass over them.
    package static let temporaryNamePrefix = ".repro-unfinished-"

    /// Whether `temporaryName` could have made it: the prefix, a process id, a hyphen, and digits to the base 36.
    static func isTemporaryName(_ name: [UInt8]) -> Bool {
        let prefix = temporaryNamePrefix.utf8
        guard name.starts(with: prefix) else { return false }
        let parts = name.dropFirst(prefix.count).split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return false }
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        return parts[0].allSatisfy { digits.contains($0) }
            && parts[1].allSatisfy { digits.contains($0) || letters.contains($0) }
    }

    /// Waits until the clock that stamps files has moved on by so much.
    package static func wait(nanoseconds: Int64) { usleep(UInt32(clamping: nanoseconds / 1000 + 1)) }

    /// This moment, by the clock that stamps files.
    package static func nowNanoseconds() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }
}
