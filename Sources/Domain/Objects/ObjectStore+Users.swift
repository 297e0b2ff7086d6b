package import Files
import Hashing

/// Which projects keep their data in a store: `projects/`, one small file for each.
///
/// Collecting garbage must ask all of them what is alive.
extension ObjectStore {
    /// Writes down that the project at `user` uses the store.
    func register(_ user: AbsolutePath) throws {
        let path = paths.projects.appending(XXH3.hash(user.bytes).description)
        if try fileSystem.status(of: path) != nil { return }
        try fileSystem.makeFolders(paths.projects)
        try fileSystem.writeAtomically(user.bytes, to: path)
    }

    /// The roots of all projects that have written to the store.
    package func users() throws -> [AbsolutePath] {
        guard try fileSystem.status(of: paths.projects) != nil else { return [] }
        return try fileSystem.openFolder(paths.projects).names().compactMap { name in
            if name.starts(with: FileSystem.temporaryNamePrefix.utf8) { return nil }
            return AbsolutePath(bytes: try fileSystem.read(paths.projects.appending(RelativePath(unchecked: name))))
        }
        .sorted()
    }

    /// Forgets a project that is no more.
    package func unregister(_ user: AbsolutePath) throws {
        try fileSystem.removeFile(paths.projects.appending(XXH3.hash(user.bytes).description))
    }
}
