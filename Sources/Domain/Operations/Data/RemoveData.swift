package import Files
import Workspaces

package struct RemoveDataOptions: Sendable {
    /// As typed: tracked paths or their pointer files.
    package var paths: [[UInt8]]
    /// Also removes the files; else they stay, tracked no more.
    package var removesFiles = false
    /// Also files that are saved nowhere.
    package var isForced = false

    package init(paths: [[UInt8]]) { self.paths = paths }
}

package struct RemoveDataReport: Sendable {
    package var removed: [RelativePath]
    package var removedFiles: Bool
}

/// Stops tracking data: its pointer files and its lines in `.gitignore` go. What is in the store stays until `repro gc`.
package func removeData(_ options: RemoveDataOptions, in surroundings: Surroundings) throws -> RemoveDataReport {
    let opened = try OpenProject(surroundings)
    let paths = try options.paths.map { text in
        let path = try opened.dataPath(text)
        guard try opened.workspace.pointer(of: path) != nil else { throw try opened.notTracked(path) }
        return path
    }
    if options.removesFiles, !options.isForced {
        for path in paths {
            let unsaved = try opened.workspace.unsavedPaths(at: path)
            if !unsaved.isEmpty { throw WorkspaceError.unsavedContent(unsaved) }
        }
    }
    for path in paths {
        // First the files: if that fails, the pointer still says what they were. Those that stay become the workspace's
        // own: what they link to may be collected.
        if options.removesFiles { try opened.workspace.remove(path) } else { try opened.workspace.release(path) }
        try opened.workspace.removePointer(of: path)
        try opened.workspace.removeFromGitIgnore(path)
    }
    return RemoveDataReport(removed: paths, removedFiles: options.removesFiles)
}

extension OpenProject {
    /// For a path that has no pointer file.
    func notTracked(_ path: RelativePath) throws -> DataError {
        let (data, _) = try recordedData()
        if let record = data.covering(path), case .stage(let stage) = record.source {
            return .isOutput(path, stage: stage, output: record.path)
        }
        if let record = data.covering(path) { return .partOfTracked(path, tracked: record.path) }
        return data.unknown(path)
    }
}
