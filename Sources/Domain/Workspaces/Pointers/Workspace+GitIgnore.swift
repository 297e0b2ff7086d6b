package import Files

/// Lines of `.gitignore` files that keep tracked content out of Git.
extension Workspace {
    private static let name = Array(".gitignore".utf8)
    private static let lineBreak = UInt8(ascii: "\n")
    /// Editing takes milliseconds; whoever holds the lock longer is stuck.
    private static let lockTimeout = Duration.seconds(30)

    /// Adds the line for each path to the `.gitignore` beside it, if it is not there; answers the files that were changed.
    @discardableResult
    package func addToGitIgnore(_ paths: [RelativePath]) throws -> [RelativePath] {
        let byFolder = Dictionary(grouping: paths) { $0.parent ?? .root }
        return try byFolder.sorted { $0.key < $1.key }.compactMap { folder, paths in
            let isChanged = try editGitIgnore(in: folder) { lines in
                var known = Set(lines)
                let new = paths.map { gitIgnoreLine(for: $0.name) }.filter { known.insert($0).inserted }
                lines += new
                return !new.isEmpty
            }
            return isChanged ? folder.appending(name: Self.name) : nil
        }
    }

    /// Takes the line for `path` out of the `.gitignore` beside it, and that file if nothing else is in it; false if
    /// there is no such line.
    @discardableResult
    package func removeFromGitIgnore(_ path: RelativePath) throws -> Bool {
        try editGitIgnore(in: path.parent ?? .root) { lines in
            let line = gitIgnoreLine(for: path.name)
            let count = lines.count
            lines.removeAll { $0 == line }
            return lines.count != count
        }
    }

    private func editGitIgnore(in folder: RelativePath, _ edit: (inout [[UInt8]]) -> Bool) throws -> Bool {
        let file = project.root.appending(folder.appending(name: Self.name))
        let lock = try FileLock.acquire(
            project.locksFolder.appending("gitignore"), timeout: Self.lockTimeout, in: files)
        return try withExtendedLifetime(lock) {
            let content = try files.readIfPresent(file) ?? []
            var lines = content.split(separator: Self.lineBreak, omittingEmptySubsequences: false).map { Array($0) }
            if lines.last?.isEmpty == true { lines.removeLast() }
            guard edit(&lines) else { return false }
            if lines.isEmpty {
                try files.removeFile(file)
            } else {
                try files.writeAtomically(Array(lines.map { $0 + [Self.lineBreak] }.joined()), to: file)
            }
            return true
        }
    }
}

/// The line that fits exactly this name, in this folder.
func gitIgnoreLine(for name: [UInt8]) -> [UInt8] {
    var line = [UInt8(ascii: "/")]
    for byte in name {
        switch byte {
        case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "\\"):
            line += [UInt8(ascii: "\\"), byte]
        // A line cannot hold it; this fits any one letter.
        case UInt8(ascii: "\n"): line.append(UInt8(ascii: "?"))
        default: line.append(byte)
        }
    }
    // Git drops a space at the end of a line unless it is escaped.
    if line.last == UInt8(ascii: " ") { line.insert(UInt8(ascii: "\\"), at: line.count - 1) }
    return line
}
