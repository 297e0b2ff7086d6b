import Files
import Glibc

// The little of file handling that tests need, apart from the module Files, which they test.

/// A test could not do something with a file.
struct TestFileError: Error, CustomStringConvertible {
    let action: String
    let path: String
    let errno: Int32

    var description: String { "cannot \(action) \(path): \(String(cString: strerror(errno)))" }
}

func makeFolders(_ path: AbsolutePath) throws {
    if path.withCString({ mkdir($0, 0o755) }) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let parent = path.parent else {
        throw TestFileError(action: "make", path: path.description, errno: errno)
    }
    try makeFolders(parent)
    try makeFolders(path)
}

func writeFile(_ path: AbsolutePath, _ bytes: [UInt8], mode: mode_t) throws {
    let descriptor = path.withCString { open($0, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode) }
    if descriptor < 0 { throw TestFileError(action: "write", path: path.description, errno: errno) }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count < 0 { throw TestFileError(action: "write", path: path.description, errno: errno) }
        rest = rest.dropFirst(count)
    }
    fchmod(descriptor, mode)
}

func readFile(_ path: AbsolutePath) throws -> [UInt8] {
    let descriptor = path.withCString { open($0, O_RDONLY | O_CLOEXEC) }
    if descriptor < 0 { throw TestFileError(action: "read", path: path.description, errno: errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0 { throw TestFileError(action: "read", path: path.description, errno: errno) }
        if count == 0 { return bytes }
        bytes += buffer[..<count]
    }
}

/// The entries of a folder; none if it is not one.
private func entries(of folder: AbsolutePath) -> [AbsolutePath] {
    guard let stream = folder.withCString({ opendir($0) }) else { return [] }
    defer { closedir(stream) }
    var result: [AbsolutePath] = []
    while let entry = readdir(stream) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
        if !name.elementsEqual(".".utf8), !name.elementsEqual("..".utf8) {
            result.append(folder.appending(RelativePath(unchecked: name)))
        }
    }
    return result
}

private func isFolder(_ path: AbsolutePath) -> Bool {
    var status = stat()
    return path.withCString { lstat($0, &status) } == 0 && status.st_mode & S_IFMT == S_IFDIR
}

func listFiles(_ path: AbsolutePath) throws -> [AbsolutePath] {
    isFolder(path) ? try entries(of: path).flatMap(listFiles) : [path]
}

/// Removes all of it, read-only folders too.
func removeTree(_ path: AbsolutePath) {
    if isFolder(path) {
        _ = path.withCString { chmod($0, 0o700) }
        for entry in entries(of: path) { removeTree(entry) }
        _ = path.withCString { rmdir($0) }
    } else {
        _ = path.withCString { unlink($0) }
    }
}
