import Diagnostics
package import Files
package import Objects
package import Workspaces

/// Where imported data goes, and the last steps of importing it.
struct ImportTarget {
    let path: RelativePath
    private let opened: OpenProject
    private let isForced: Bool

    /// `text` is as typed; without it, `name` is taken, from the working directory. All that would be refused later is
    /// refused here, before anything is downloaded.
    init(_ text: [UInt8]?, name: [UInt8]?, source: String, isForced: Bool, in opened: OpenProject) throws {
        self.opened = opened
        self.isForced = isForced
        guard let asked = text ?? name, asked.last != UInt8(ascii: "/") || name != nil else {
            throw ImportError.noName(source)
        }
        let files = opened.project.fileSystem
        var path = try opened.projectPath(asked)
        let isFolder = try files.statusFollowingLinks(of: opened.project.root.appending(path))?.kind == .folder
        // Into a folder that is there, as `cp` does.
        if let text, let name, text.last == UInt8(ascii: "/") || (isFolder && !isForced) {
            path = path.appending(name: name)
        }
        self.path = path
        if let covering = try opened.recordedData().data.covering(path), covering.path != path {
            throw DataError.partOfTracked(path, tracked: covering.path)
        }
        if try opened.workspace.pointer(of: path) != nil, !isForced { throw ImportError.alreadyTracked(path) }
        _ = try opened.pathsToAdd([path])
        if !isForced, try files.status(of: opened.project.root.appending(path)) != nil {
            throw ImportError.targetExists(path)
        }
    }

    /// Puts what the store holds where it belongs, and records it.
    func finish(_ fingerprint: Fingerprint, _ source: DataSource, _ monitor: any Monitor) throws -> ImportedData {
        let git = try GitPlan(opened, [path])
        let before = (try? opened.workspace.pointer(of: path))?.fingerprint
        try opened.workspace.place(
            Tree.Content(fingerprint), at: path, unsaved: isForced ? .overwrite : .refuse, monitor: monitor)
        let pointer = PointerFile(path: path, fingerprint: fingerprint, source: source)
        try opened.workspace.write(pointer)
        let gitIgnores = try git.ignore([path], in: opened.workspace)
        return ImportedData(
            path: path, before: before, after: fingerprint, pointer: pointer.place, source: source,
            gitIgnores: gitIgnores)
    }
}

/// One import that was made or brought up to date.
package struct ImportedData: Sendable {
    package var path: RelativePath
    /// Nil if it was not there before.
    package var before: Fingerprint?
    package var after: Fingerprint
    package var pointer: RelativePath
    package var source: DataSource
    /// `.gitignore` files that have a new line.
    package var gitIgnores: [RelativePath] = []
}
