import Glibc

/// How much a file system holds.
package struct FileSystemSpace: Sendable, Equatable {
    package let totalBytes: UInt64
    package let freeBytes: UInt64
    /// What may be used without being the superuser.
    package let availableBytes: UInt64
}

extension FileSystem {
    /// Of the file system that holds `path`.
    package func space(of path: AbsolutePath) throws(FileError) -> FileSystemSpace {
        try gate(.inspect, path)
        var raw = statvfs()
        let code = path.withCString { statvfs($0, &raw) == 0 ? 0 : errno }
        if code != 0 { throw FileError(.inspect, path, errno: code) }
        let block = UInt64(raw.f_frsize)
        return FileSystemSpace(
            totalBytes: UInt64(raw.f_blocks) &* block, freeBytes: UInt64(raw.f_bfree) &* block,
            availableBytes: UInt64(raw.f_bavail) &* block)
    }
}
