package import Files

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
            read: { try FileSystem.real.readIfPresent(root.appending($0)) },
            list: { listFolder(root.appending($0)) })
    }

    /// The same, but with the content given here in place of what the files hold.
    package func showing(_ edited: [(file: RelativePath, content: [UInt8])]) -> ProjectFiles {
        if edited.isEmpty { return self }
        let contents = Dictionary(edited.map { ($0.file, $0.content) }, uniquingKeysWith: { _, last in last })
        let original = self
        return ProjectFiles(read: { try contents[$0] ?? original.read($0) }, list: original.list)
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

private func listFolder(_ path: AbsolutePath) -> [ProjectFiles.Entry] {
    guard let folder = try? FileSystem.real.openFolder(path), let entries = try? folder.namesAndFolders() else {
        return []
    }
    return entries.map { ProjectFiles.Entry(name: $0.name, isFolder: $0.isFolder) }
}
