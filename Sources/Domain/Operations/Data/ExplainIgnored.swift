package import Files
package import Workspaces

/// Whether an ignore file keeps a path out of the content of data.
package struct IgnoredPath: Sendable {
    /// As typed.
    package var text: [UInt8]
    package var path: RelativePath
    /// The line that does so, for the path or for a folder above it; nil: it is not ignored.
    package var rule: IgnorePattern?
}

/// Says of each path, as typed from the working directory, whether it is ignored and why. A path that does not exist is
/// a folder if it ends with a slash.
package func explainIgnored(_ paths: [[UInt8]], in surroundings: Surroundings) throws -> [IgnoredPath] {
    let opened = try OpenProject(surroundings)
    return try paths.map { text in
        let path = try opened.projectPath(text)
        let status = try opened.project.fileSystem.status(of: opened.project.root.appending(path))
        let isFolder = status.map { $0.kind == .folder } ?? (text.last == UInt8(ascii: "/"))
        return IgnoredPath(
            text: text, path: path, rule: try opened.workspace.ignoringRule(of: path, isFolder: isFolder))
    }
}
