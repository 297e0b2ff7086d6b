import Files
import Workspaces

extension OpenProject {
    /// The paths that `text` means, as typed from the working directory: the path itself if there is one or no letter
    /// has a meaning of its own, else those that fit the pattern.
    ///
    /// Names that begin with a dot fit only a pattern that spells the dot; what is ignored, and pointer files, fit none.
    /// What is in a folder that fits is not looked at: the folder stands for it.
    func pathsFitting(_ text: [UInt8]) throws -> [RelativePath] {
        let files = project.fileSystem
        guard Wildcard.isPattern(text),
            try files.status(of: AbsolutePath(bytes: text, relativeTo: surroundings.workingDirectory)) == nil
        else { return [try dataPath(text)] }
        let parts = text.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let fixed = parts.prefix { !Wildcard.isPattern($0) }
        let start = Array(fixed.joined(separator: [UInt8(ascii: "/")]))
        let base = try fixed.isEmpty ? projectPath([UInt8(ascii: ".")]) : projectPath(start.isEmpty ? text : start)
        let pattern = parts[fixed.count...].filter { !$0.isEmpty }
        guard let wildcard = Wildcard(pattern.joined(separator: [UInt8(ascii: "/")])) else {
            throw DataError.nothingFits(String(decoding: text, as: UTF8.self))
        }
        var search = PatternSearch(opened: self, base: base, wildcard: wildcard, pattern: Array(pattern))
        try search.look(into: base, depth: 1)
        if search.found.isEmpty { throw DataError.nothingFits(String(decoding: text, as: UTF8.self)) }
        return search.found
    }
}

private struct PatternSearch {
    let opened: OpenProject
    let base: RelativePath
    let wildcard: Wildcard
    /// Between the slashes.
    let pattern: [ArraySlice<UInt8>]
    private(set) var found: [RelativePath] = []

    private var maximumDepth: Int {
        pattern.contains { $0.starts(with: "**".utf8) } ? .max : pattern.count
    }

    init(opened: OpenProject, base: RelativePath, wildcard: Wildcard, pattern: [ArraySlice<UInt8>]) {
        self.opened = opened
        self.base = base
        self.wildcard = wildcard
        self.pattern = pattern
    }

    mutating func look(into folder: RelativePath, depth: Int) throws {
        let absolute = opened.project.root.appending(folder)
        guard try opened.project.fileSystem.statusFollowingLinks(of: absolute)?.kind == .folder else { return }
        let rules = try opened.workspace.ignoreRules(in: folder)
        for entry in try opened.project.fileSystem.openFolder(absolute).namesAndFolders() {
            let path = folder.appending(name: entry.name)
            if isPassedOver(entry.name, depth: depth) || rules.ignores(path, isFolder: entry.isFolder) { continue }
            if wildcard.matches(path.relative(to: base)?.bytes ?? []) {
                found.append(path)
            } else if entry.isFolder, depth < maximumDepth {
                try look(into: path, depth: depth + 1)
            }
        }
    }

    private func isPassedOver(_ name: [UInt8], depth: Int) -> Bool {
        if PointerFile.subject(of: RelativePath(unchecked: name)) != nil { return true }
        guard name.first == UInt8(ascii: ".") else { return false }
        return !pattern.indices.contains(depth - 1) || pattern[depth - 1].first != UInt8(ascii: ".")
    }
}
