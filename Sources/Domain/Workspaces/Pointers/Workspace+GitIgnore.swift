package import Files

/// Lines of `.gitignore` files that keep tracked content out of Git.
extension Workspace {
    private static let name = Array(".gitignore".utf8)
    private static let lineBreak = UInt8(ascii: "\n")
    /// Editing takes milliseconds; whoever holds the lock longer is stuck.
    private static let lockTimeout = Duration.seconds(30)

    /// Adds the line for `path` to the `.gitignore` beside it; false if it is there.
    @discardableResult
    package func addToGitIgnore(_ path: RelativePath) throws -> Bool {
        try editGitIgnore(beside: path) { lines in
            let line = gitIgnoreLine(for: path.name)
            if lines.contains(line) { return false }
            lines.append(line)
            return true
        }
    }

    /// Takes the line for `path` out of the `.gitignore` beside it, and that file if nothing else is in it; false if
    /// there is no such line.
    @discardableResult
    package func removeFromGitIgnore(_ path: RelativePath) throws -> Bool {
        try editGitIgnore(beside: path) { lines in
            let line = gitIgnoreLine(for: path.name)
            let count = lines.count
            lines.removeAll { $0 == line }
            return lines.count != count
        }
    }

    private func editGitIgnore(beside path: RelativePath, _ edit: (inout [[UInt8]]) -> Bool) throws -> Bool {
        let file = project.root.appending((path.parent ?? .root).appending(name: Self.name))
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
