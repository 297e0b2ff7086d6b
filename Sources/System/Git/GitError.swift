package import Diagnostics
package import Files

/// Something that Git could not tell us.
package enum GitError: UserFacingError, Equatable {
    case programMissing
    /// `reason` is the first line of what Git wrote.
    case failed(subcommand: String, root: AbsolutePath, reason: String)
    case unreadableHead(path: AbsolutePath)

    package var kind: ErrorKind {
        switch self {
        case .programMissing: .notFound
        case .failed: .failed
        case .unreadableHead: .corrupt
        }
    }

    package var message: String {
        switch self {
        case .programMissing: "program git was not found, and the project is in a Git repository"
        case .failed(let subcommand, let root, let reason): "`git \(subcommand)` failed in \(root): \(reason)"
        case .unreadableHead(let path): "\(path) names neither a commit nor a branch"
        }
    }

    package var hint: String? {
        switch self {
        case .programMissing: "install git, or add its folder to PATH"
        case .failed(_, let root, let reason) where reason.contains("dubious ownership"):
            "if you trust it, run `git config --global --add safe.directory \(root)`"
        case .failed: nil
        case .unreadableHead: "run `git status` to see what Git says"
        }
    }
}
