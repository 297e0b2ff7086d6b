package import Diagnostics
package import Files

/// A pointer file or lock file of a commit that cannot be read.
package struct RecordProblem: UserFacingError, Equatable {
    package let commit: String
    package let path: RelativePath

    package var kind: ErrorKind { .invalidInput }
    package var message: String { "\(path) of commit \(commit.prefix(12)) cannot be read" }
    package var hint: String? { "see it with `git show \(commit.prefix(12)):\(path)`" }
}
