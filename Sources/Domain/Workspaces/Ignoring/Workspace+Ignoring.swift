package import Files
import Synchronization

extension Workspace {
    /// The files that say what is no content. Of two in one folder, the second has the last word.
    package static let ignoreFiles = [".dvcignore", ".reproignore"].map { Array($0.utf8) }

    /// The rules that hold for what is in `folder`: of the ignore files in it and above it, as they were when the first
    /// of them was needed.
    package func ignoreRules(in folder: RelativePath) throws -> IgnoreRules {
        if let known = knownIgnoreRules.withLock({ $0[folder] }) { return known }
        var rules = try folder.parent.map { try ignoreRules(in: $0) } ?? IgnoreRules()
        for name in Self.ignoreFiles {
            let place = folder.appending(name: name)
            let absolute = project.root.appending(place)
            guard try files.status(of: absolute)?.kind == .file else { continue }
            if let content = try files.readIfPresent(absolute) { rules.add(content, at: place) }
        }
        let found = rules
        knownIgnoreRules.withLock { $0[folder] = found }
        return rules
    }

    /// The line of an ignore file that keeps the path, or a folder above it, out of the content; nil if none does.
    package func ignoringRule(of path: RelativePath, isFolder: Bool) throws -> IgnorePattern? {
        if path.isRoot { return nil }
        if let parent = path.parent, let above = try ignoringRule(of: parent, isFolder: true) { return above }
        let rule = try ignoreRules(in: path.parent ?? .root).decision(about: path, isFolder: isFolder)
        return rule?.isException == false ? rule : nil
    }
}
