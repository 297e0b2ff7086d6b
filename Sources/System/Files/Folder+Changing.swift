import CLinux
import Glibc

/// Making entries by their names alone: no path is walked for each of many files.
extension Folder {
    /// Of the folder itself.
    package func status() throws(FileError) -> FileStatus {
        try fileSystem.gate(.inspect, path)
        var raw = linux_stat()
        try retryingInterrupts(.inspect, path) { linux_stat_fd(descriptor.number, &raw) }
        return FileStatus(raw)
    }

    /// A new file for writing; one that exists is an error.
    package func create(_ name: [UInt8], permissions: UInt32 = 0o666) throws(FileError) -> OpenFile {
        let path = path(of: name)
        try fileSystem.gate(.create, path)
        let file = try retryingInterrupts(.create, path) {
            withCName(name) {
                openat(descriptor.number, $0, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(permissions))
            }
        }
        return OpenFile(descriptor: Descriptor(file), path: path, fileSystem: fileSystem)
    }

    /// A second name for the file at `source`.
    package func hardLink(_ source: AbsolutePath, as name: [UInt8]) throws(FileError) {
        let path = path(of: name)
        try fileSystem.gate(.link, path)
        try source.withCString { from throws(FileError) in
            try retryingInterrupts(.link, path) { withCName(name) { linkat(AT_FDCWD, from, descriptor.number, $0, 0) } }
        }
    }

    /// A symbolic link that says `destination`.
    package func symbolicLink(_ name: [UInt8], to destination: [UInt8]) throws(FileError) {
        let path = path(of: name)
        try fileSystem.gate(.link, path)
        try retryingInterrupts(.link, path) {
            withCName(destination) { to in withCName(name) { symlinkat(to, descriptor.number, $0) } }
        }
    }

    /// Moves an entry to another folder, in one step; a file of that name is replaced.
    package func move(_ name: [UInt8], to target: borrowing Folder, as newName: [UInt8]) throws(FileError) {
        let path = target.path(of: newName)
        try fileSystem.gate(.rename, path)
        try retryingInterrupts(.rename, path) {
            withCName(name) { from in
                withCName(newName) { renameat(descriptor.number, from, target.descriptor.number, $0) }
            }
        }
    }

    /// Removes a file or a symbolic link; false if nothing was there.
    @discardableResult
    package func removeFile(_ name: [UInt8]) throws(FileError) -> Bool {
        let path = path(of: name)
        try fileSystem.gate(.remove, path)
        let code = withCName(name) { unlinkat(descriptor.number, $0, 0) == 0 ? 0 : errno }
        if code == 0 { return true }
        if code == ENOENT { return false }
        throw FileError(.remove, path, errno: code)
    }

    /// Of what a symbolic link leads to; nil if nothing is there, or if the link dangles.
    package func statusFollowingLinks(of name: [UInt8]) throws(FileError) -> FileStatus? {
        try fileSystem.gate(.inspect, path(of: name))
        var raw = linux_stat()
        let code = withCName(name) { linux_stat_at(descriptor.number, $0, 1, &raw) == 0 ? 0 : errno }
        if code == 0 { return FileStatus(raw) }
        if code == ENOENT { return nil }
        throw FileError(.inspect, path(of: name), errno: code)
    }
}

/// A folder that is open and has several owners; closed when the last one lets go of it.
package final class SharedFolder: Sendable {
    package let folder: Folder

    package init(_ folder: consuming Folder) { self.folder = folder }
}
