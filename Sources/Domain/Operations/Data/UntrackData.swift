package import Files
import Objects
import Workspaces

package struct UntrackDataReport: Sendable {
    package var paths: [RelativePath]
    /// Those of them whose files were made first, from the store.
    package var made: [RelativePath]
}

/// Turns tracked data back into ordinary files: each is there, is no link into the store, and Git sees it again.
package func untrackData(_ texts: [[UInt8]], in surroundings: Surroundings) throws -> UntrackDataReport {
    let opened = try OpenProject(surroundings)
    let pointers = try texts.map { text in
        let path = try opened.dataPath(text)
        guard let pointer = try opened.workspace.pointer(of: path) else { throw try opened.notTracked(path) }
        return pointer
    }
    var report = UntrackDataReport(paths: pointers.map(\.path), made: [])
    for pointer in pointers {
        let absolute = opened.project.root.appending(pointer.path)
        if try opened.project.fileSystem.status(of: absolute) == nil {
            try opened.workspace.place(pointer.fingerprint, at: pointer.path)
            report.made.append(pointer.path)
        }
        try opened.workspace.release(pointer.path)
        try opened.workspace.removePointer(of: pointer.path)
        try opened.workspace.removeFromGitIgnore(pointer.path)
    }
    return report
}
