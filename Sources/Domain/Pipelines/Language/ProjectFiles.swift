import Diagnostics
package import Files
import Glibc

/// How the language reads the project: a file's bytes, a folder's entries. Tests give it files in memory.
package struct ProjectFiles: Sendable {
    package struct Entry: Sendable, Equatable {
        package let name: [UInt8]
        package let isFolder: Bool

        package init(name: [UInt8], isFolder: Bool) {
            self.name = name
            self.isFolder = isFolder
        }
    }

    /// Nil: there is no such file.
    package let read: @Sendable (RelativePath) throws -> [UInt8]?
    /// Empty: there is no such folder, or it cannot be opened. Links to folders are not followed.
    package let list: @Sendable (RelativePath) -> [Entry]

    package init(
        read: @escaping @Sendable (RelativePath) throws -> [UInt8]?, list: @escaping @Sendable (RelativePath) -> [Entry]
    ) {
        self.read = read
        self.list = list
    }

    package static func onDisk(root: AbsolutePath) -> ProjectFiles {
        ProjectFiles(
            read: { try readFile(root.appending($0), shownAs: $0) },
            list: { listFolder(root.appending($0)) })
    }

    package static func inMemory(_ files: [String: String]) -> ProjectFiles {
        let contents = Dictionary(
            uniqueKeysWithValues: files.map { (RelativePath(unchecked: Array($0.key.utf8)), Array($0.value.utf8)) })
        return ProjectFiles(
            read: { contents[$0] },
            list: { folder in
                var kinds: [[UInt8]: Bool] = [:]
                for path in contents.keys {
                    guard let below = path.relative(to: folder), let first = below.components.first else { continue }
                    kinds[Array(first)] = below.components.count > 1
                }
                return kinds.map { Entry(name: $0.key, isFolder: $0.value) }
            })
    }
}

private func readFile(_ path: AbsolutePath, shownAs name: RelativePath) throws -> [UInt8]? {
    let descriptor = path.withCString { open($0, O_RDONLY | O_CLOEXEC) }
    if descriptor < 0 {
        if errno == ENOENT || errno == ENOTDIR { return nil }
        throw PipelineLanguageError.unreadable(name, reason: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var content: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count == 0 { return content }
        if count > 0 {
            content += buffer[..<count]
        } else if errno != EINTR {
            throw PipelineLanguageError.unreadable(name, reason: String(cString: strerror(errno)))
        }
    }
}

private func listFolder(_ path: AbsolutePath) -> [ProjectFiles.Entry] {
    guard let folder = path.withCString({ opendir($0) }) else { return [] }
    defer { closedir(folder) }
    var entries: [ProjectFiles.Entry] = []
    while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in Array(bytes.prefix { $0 != 0 }) }
        if name == Array(".".utf8) || name == Array("..".utf8) { continue }
        entries.append(ProjectFiles.Entry(name: name, isFolder: Int32(entry.pointee.d_type) == Int32(DT_DIR)))
    }
    return entries
}
