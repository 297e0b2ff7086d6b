package import Files
import Objects

extension Workspace {
    /// Makes the files at or below `path` the workspace's own, so that a command may change them in place: links into
    /// the store become copies. Nothing to do where links are not asked for.
    package func unprotect(_ path: RelativePath) throws {
        if !project.config.links.contains(.hardlink), !project.config.links.contains(.symlink) { return }
        try release(path)
    }

    /// The same whatever links are asked for now: others may have been when the files were made.
    package func release(_ path: RelativePath) throws {
        try unprotect(path, of: files.status(of: project.root.appending(path)))
    }

    private func unprotect(_ path: RelativePath, of status: FileStatus?) throws {
        switch status?.kind {
        case .folder:
            for entry in try files.openFolder(project.root.appending(path)).entries() {
                try unprotect(path.appending(name: entry.name), of: entry.status)
            }
        case .symbolicLink where try store.object(linkedBy: files.readLink(project.root.appending(path))) != nil:
            try copyOverItself(path)
        case .file where (status?.linkCount ?? 1) > 1: try copyOverItself(path)
        case .file, .symbolicLink, .other, nil: break
        }
    }

    private func copyOverItself(_ path: RelativePath) throws {
        let source = try files.open(project.root.appending(path))
        try replace(path) { temporary in
            let copy = try files.create(temporary)
            try copy.append(contentOf: source)
            try copy.close()
        }
    }
}
