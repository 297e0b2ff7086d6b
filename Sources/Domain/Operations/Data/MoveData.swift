package import Files
import Workspaces

package struct MoveDataOptions: Sendable {
    /// As typed: a tracked path.
    package var source: [UInt8]
    /// As typed; a folder that is there takes it in.
    package var target: [UInt8]

    package init(source: [UInt8], target: [UInt8]) {
        self.source = source
        self.target = target
    }
}

package struct MoveDataReport: Sendable {
    package var source: RelativePath
    package var target: RelativePath
}

/// Gives tracked data another path: files, pointer file and the line in `.gitignore`. Nothing is read or stored again.
package func moveData(_ options: MoveDataOptions, in surroundings: Surroundings) throws -> MoveDataReport {
    let opened = try OpenProject(surroundings)
    let (root, files) = (opened.project.root, opened.project.fileSystem)
    let source = try opened.dataPath(options.source)
    guard var pointer = try opened.workspace.pointer(of: source) else { throw try opened.notTracked(source) }
    var target = try opened.projectPath(options.target)
    if try files.statusFollowingLinks(of: root.appending(target))?.kind == .folder {
        target = target.appending(name: source.name)
    }
    for taken in [target, PointerFile.place(for: target)] where try files.status(of: root.appending(taken)) != nil {
        throw FileError(.rename, root.appending(taken), .alreadyExists)
    }
    if let covering = try opened.recordedData().data.covering(target) {
        throw DataError.partOfTracked(target, tracked: covering.path)
    }
    if let folder = root.appending(target).parent { try files.makeFolders(folder) }
    // The new pointer comes first and the old one goes last: whenever we are stopped, one of them has the content.
    pointer.path = target
    let isIgnored = try opened.gitRepository() != nil
    if isIgnored { try opened.workspace.addToGitIgnore([target]) }
    try opened.workspace.write(pointer)
    if try files.status(of: root.appending(source)) != nil {
        try files.renameToNew(root.appending(source), to: root.appending(target))
    }
    try opened.workspace.removePointer(of: source)
    try opened.workspace.removeFromGitIgnore(source)
    return MoveDataReport(source: source, target: target)
}
