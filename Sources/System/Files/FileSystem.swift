import CLinux
import Glibc

/// The files of this machine: the only place that opens, renames, links, removes and flushes them.
///
/// A value that is passed in, so that a test can hand over one whose n-th call fails. Absence is nil where a caller
/// may expect it, and an error elsewhere. Blocking; safe on all threads.
package struct FileSystem: Sendable {
    private let faults: FaultPlan?
    /// Whether what is made may be changed by others of the group, whatever this user's umask says.
    let sharesWithGroup: Bool

    package static let real = FileSystem(faults: nil)

    /// With `faults`, each call is shown to the plan first: for tests.
    package init(faults: FaultPlan?) { self.init(faults: faults, sharesWithGroup: false) }

    private init(faults: FaultPlan?, sharesWithGroup: Bool) {
        self.faults = faults
        self.sharesWithGroup = sharesWithGroup
    }

    /// The same, for a folder in which several users of one group work.
    package func sharingWithGroup() -> FileSystem { FileSystem(faults: faults, sharesWithGroup: true) }

    /// The same, if the group may write to `folder`: so may it to what is made there.
    package func sharing(with folder: AbsolutePath) throws(FileError) -> FileSystem {
        try status(of: folder)?.isGroupWritable == true ? sharingWithGroup() : self
    }

    /// What the umask took from the group of a file just made is given back. Read-only files stay so, but can be read.
    func share(_ descriptor: Int32, permissions: UInt32) {
        if !sharesWithGroup { return }
        if permissions & 0o200 != 0 {
            fchmod(descriptor, mode_t(permissions & ~0o002 | 0o020))
            return
        }
        var status = stat()
        if fstat(descriptor, &status) == 0 { fchmod(descriptor, (status.st_mode & 0o7777) | 0o040) }
    }

    /// Asks the plan of faults; does nothing outside tests.
    func gate(_ action: FileAction, _ path: @autoclosure () -> AbsolutePath) throws(FileError) {
        guard let faults else { return }
        let path = path()
        switch faults(FileCall(action: action, path: path)) {
        case nil: return
        case .fail(let reason), .tear(let reason): throw FileError(action, path, reason)
        }
    }

    /// As `gate`, for a write, which may be torn: answers how many of `count` bytes to write before failing.
    func gateWrite(_ path: @autoclosure () -> AbsolutePath, count: Int) -> (bytes: Int, error: FileError?) {
        guard let faults else { return (count, nil) }
        let path = path()
        switch faults(FileCall(action: .write, path: path)) {
        case nil: return (count, nil)
        case .fail(let reason): return (0, FileError(.write, path, reason))
        case .tear(let reason): return (count / 2, FileError(.write, path, reason))
        }
    }

    // MARK: Looking

    /// Of the path itself, even if it is a symbolic link; nil if nothing is there.
    package func status(of path: AbsolutePath) throws(FileError) -> FileStatus? {
        try status(of: path, follow: false)
    }

    /// Of what a symbolic link leads to; nil if nothing is there, or if the link dangles.
    package func statusFollowingLinks(of path: AbsolutePath) throws(FileError) -> FileStatus? {
        try status(of: path, follow: true)
    }

    private func status(of path: AbsolutePath, follow: Bool) throws(FileError) -> FileStatus? {
        try gate(.inspect, path)
        var raw = linux_stat()
        do throws(FileError) {
            try reach(path, .inspect) { folder, name throws(FileError) in
                let code = linux_stat_at(folder, name, follow ? 1 : 0, &raw) == 0 ? 0 : errno
                if code != 0 { throw FileError(.inspect, path, errno: code) }
            }
        } catch {
            if error.reason == .notFound || error.reason == .notAFolder { return nil }
            throw error
        }
        return FileStatus(raw)
    }

    /// Where a symbolic link points, as it is written there.
    package func readLink(_ path: AbsolutePath) throws(FileError) -> [UInt8] {
        try gate(.read, path)
        return try reach(path, .read) { folder, name throws(FileError) in try linkTarget(folder, name, path) }
    }

    // MARK: Opening

    package func open(_ path: AbsolutePath) throws(FileError) -> OpenFile {
        try gate(.open, path)
        let descriptor = try reach(path, .open) { folder, name throws(FileError) in
            try retryingInterrupts(.open, path) { openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        }
        return OpenFile(descriptor: Descriptor(descriptor), path: path, fileSystem: self)
    }

    package func openFolder(_ path: AbsolutePath) throws(FileError) -> Folder {
        try gate(.open, path)
        let descriptor = try reach(path, .open) { folder, name throws(FileError) in
            try retryingInterrupts(.open, path) { openat(folder, name, O_RDONLY | O_CLOEXEC | O_DIRECTORY) }
        }
        return Folder(descriptor: Descriptor(descriptor), path: path, fileSystem: self)
    }

    /// A new file for writing; one that exists is an error.
    package func create(_ path: AbsolutePath, permissions: UInt32 = 0o666) throws(FileError) -> OpenFile {
        try gate(.create, path)
        let descriptor = try reach(path, .create) { folder, name throws(FileError) in
            try retryingInterrupts(.create, path) {
                openat(folder, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(permissions))
            }
        }
        share(descriptor, permissions: permissions)
        return OpenFile(descriptor: Descriptor(descriptor), path: path, fileSystem: self)
    }

    /// For reading and writing at any place; made if it is not there.
    package func openOrCreate(_ path: AbsolutePath, permissions: UInt32 = 0o666) throws(FileError) -> OpenFile {
        try gate(.create, path)
        let descriptor = try reach(path, .create) { folder, name throws(FileError) in
            try retryingInterrupts(.create, path) {
                openat(folder, name, O_RDWR | O_CREAT | O_CLOEXEC, mode_t(permissions))
            }
        }
        return OpenFile(descriptor: Descriptor(descriptor), path: path, fileSystem: self)
    }

    /// The whole content.
    package func read(_ path: AbsolutePath) throws(FileError) -> [UInt8] { try open(path).readAll() }

    /// The whole content; nil if there is no such file.
    package func readIfPresent(_ path: AbsolutePath) throws(FileError) -> [UInt8]? {
        do throws(FileError) {
            return try read(path)
        } catch {
            if error.reason == .notFound || (error.reason == .notAFolder && error.action == .open) { return nil }
            throw error
        }
    }
}

func linkTarget(
    _ folder: Int32, _ name: UnsafePointer<CChar>, _ path: @autoclosure () -> AbsolutePath
) throws(FileError) -> [UInt8] {
    var capacity = 256
    while true {
        var buffer = [UInt8](repeating: 0, count: capacity)
        let count = buffer.withUnsafeMutableBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { chars in
                chars.baseAddress.map { readlinkat(folder, name, $0, chars.count) } ?? 0
            }
        }
        let code = errno
        if count < 0 { throw FileError(.read, path(), errno: code) }
        if count < capacity { return Array(buffer[..<count]) }
        capacity *= 4
    }
}
