package import Diagnostics
package import Files

/// Why data could not be imported or brought up to date.
package enum ImportError: UserFacingError, Equatable {
    case noName(String)
    /// The place where it should go is tracked already.
    case alreadyTracked(RelativePath)
    case targetExists(RelativePath)
    case nothingAt(String)
    /// A URL with a password in it would be written into a file that belongs in Git.
    case secretInURL
    case unknownRevision(repository: String, revision: String)
    case noSuchPath(path: RelativePath, repository: String, commit: String?)
    /// The folder holds data that is tracked by itself, which Git does not have.
    case holdsTracked(path: RelativePath, tracked: RelativePath)
    /// The repository says what the content is, but has it nowhere that we can read.
    case contentNowhere(path: RelativePath, repository: String, tried: [String])
    case notImported(RelativePath)
    /// Revisions belong to repositories.
    case noRevisions(RelativePath)
    case recordsUnreadable(repository: String, problem: String)
    case noDVCProject(AbsolutePath)

    package var kind: ErrorKind {
        switch self {
        case .noName, .secretInURL, .noRevisions, .recordsUnreadable: .invalidInput
        case .nothingAt, .noDVCProject, .unknownRevision, .noSuchPath, .contentNowhere, .notImported: .notFound
        case .alreadyTracked, .targetExists, .holdsTracked: .conflict
        }
    }

    package var message: String {
        switch self {
        case .noName(let source): "\(source) has no name that a file here could have"
        case .alreadyTracked(let path): "\(path) is tracked already"
        case .targetExists(let path): "\(path) exists already"
        case .nothingAt(let source): "there is nothing at \(source)"
        case .secretInURL: "the repository's URL holds a user or a password, and would be written into a file for Git"
        case .unknownRevision(let repository, let revision): "\(repository) has no revision \(revision)"
        case .noSuchPath(let path, let repository, let commit):
            "\(repository) has no \(path)" + (commit.map { " in commit \($0.prefix(12))" } ?? "")
        case .holdsTracked(let path, let tracked): "\(path) holds \(tracked), which is tracked by itself"
        case .contentNowhere(let path, let repository, _):
            "the content of \(path) is recorded in \(repository), and is not to be had"
        case .notImported(let path): "\(path) was not imported"
        case .noRevisions(let path): "\(path) was imported from an address, which has no revisions"
        case .noDVCProject(let root): "\(root) is no project of DVC: it has no folder .dvc"
        case .recordsUnreadable(let repository, let problem): "a record in \(repository) cannot be read: \(problem)"
        }
    }

    package var hint: String? {
        switch self {
        case .noName: "say where it should go, with --out PATH"
        case .alreadyTracked(let path):
            "`repro update \(path)` brings an import up to date; else `repro remove \(path)` first"
        case .targetExists: "name another place with --out PATH, or pass --force to replace it"
        case .nothingAt: "check the path"
        case .secretInURL: "leave them out, and let Git's credential helper or an SSH key do it"
        case .unknownRevision: "name a branch, a tag or a commit"
        case .noSuchPath: nil
        case .holdsTracked(_, let tracked): "import \(tracked)"
        case .contentNowhere(_, _, let tried):
            tried.isEmpty
                ? "it needs a remote in its config, or a project on this machine"
                : "looked in " + tried.joined(separator: ", ") + "; push it there first"
        case .notImported: "`repro add` records changes of your own data"
        case .noRevisions: "leave out --rev"
        case .noDVCProject: "run it in the project's folder"
        case .recordsUnreadable: "name another revision with --rev"
        }
    }
}
