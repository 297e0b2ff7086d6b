/// What sort of failure an error is: the only thing that callers branch on.
///
/// The one table from kind to exit code. `docs/exit-codes.md` is its page for people.
package enum ErrorKind: String, Sendable, CaseIterable {
    /// A stage failed, or a check found a difference.
    case failed
    /// The command line, or a file that the user wrote, is wrong.
    case invalidInput
    /// What was named does not exist.
    case notFound
    /// Unsaved work would be lost, or someone else holds the lock.
    case conflict
    /// Stored bytes are not what they should be.
    case corrupt
    /// A remote, a server or the disk cannot serve us now.
    case unavailable
    /// The operating system or a server refused permission.
    case denied
    /// A bug of ours.
    case `internal`
    /// The user, or the system, asked us to stop.
    case interrupted

    package var exitCode: Int32 {
        switch self {
        case .failed: 1
        case .invalidInput: 2
        case .notFound: 3
        case .conflict: 4
        case .corrupt: 5
        case .unavailable: 6
        case .denied: 7
        case .internal: 70
        case .interrupted: 130
        }
    }
}
