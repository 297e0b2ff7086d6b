import CLinux
import Glibc

extension FileSystem {
    /// Lends a path to C, as a folder that is open and a path from there.
    ///
    /// The kernel takes no path of 4,096 bytes or more, though folders can be nested deeper. Such a path is walked in steps
    /// that it takes; all others cost nothing more.
    @discardableResult
    func reach<Result>(
        _ path: AbsolutePath, _ action: FileAction,
        _ body: (_ folder: Int32, _ path: UnsafePointer<CChar>) throws(FileError) -> Result
    ) throws(FileError) -> Result {
        if path.bytes.count < Self.pathLimitBytes {
            return try path.withCString { name throws(FileError) in try body(AT_FDCWD, name) }
        }
        var folder = AT_FDCWD
        defer { if folder != AT_FDCWD { close(folder) } }
        var rest = path.bytes[...]
        while rest.count >= Self.pathLimitBytes {
            let slash = rest.prefix(Self.pathLimitBytes - 1).lastIndex(of: UInt8(ascii: "/"))
            guard let slash, slash > rest.startIndex else { throw FileError(action, path, .nameTooLong) }
            let next = try retryingInterrupts(action, path) {
                withCName(Array(rest[..<slash])) { linux_reach_at(folder, $0) }
            }
            if folder != AT_FDCWD { close(folder) }
            folder = next
            rest = rest[(slash + 1)...]
        }
        let name = rest.map { CChar(bitPattern: $0) } + [0]
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: name.count)
        defer { copy.deallocate() }
        copy.initialize(from: name, count: name.count)
        return try body(folder, copy)
    }

    /// PATH_MAX, which counts the NUL at the end.
    private static let pathLimitBytes = 4096
}
