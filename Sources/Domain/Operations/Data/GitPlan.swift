import Files
import Git
import Workspaces

/// What keeps data and outs out of Git, looked at before anything is written.
struct GitPlan: Sendable {
    /// Nil outside a Git repository.
    private let repository: GitRepository?
    private let ignored: Set<RelativePath>
    /// Those of the paths that Git tracks.
    let tracked: Set<RelativePath>
    private let prefix: RelativePath

    /// For data: throws if Git tracks any of it.
    init(_ opened: OpenProject, _ paths: [RelativePath]) throws {
        try self.init(lookingAt: paths, in: opened)
        if let path = tracked.min() { throw DataError.trackedByGit(path) }
    }

    init(lookingAt paths: [RelativePath], in opened: OpenProject) throws {
        repository = try opened.gitRepository()
        guard let repository, let prefix = opened.project.root.relative(to: repository.root) else {
            (ignored, tracked, self.prefix) = ([], [], .root)
            return
        }
        self.prefix = prefix
        let inGit = paths.map { prefix.appending($0) }
        tracked = Set(try repository.tracked(among: inGit).compactMap { $0.relative(to: prefix) })
        ignored = try repository.ignored(among: inGit)
    }

    /// Adds a line for each path that Git does not ignore yet; answers the files that were changed.
    func ignore(_ paths: [RelativePath], in workspace: Workspace) throws -> [RelativePath] {
        if repository == nil { return [] }
        return try workspace.addToGitIgnore(paths.filter { !ignored.contains(prefix.appending($0)) })
    }
}
