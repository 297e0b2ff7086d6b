import Diagnostics

/// The help pages that are not about one command.
enum HelpTopic: String, CaseIterable {
    case environment
    case exitCodes = "exit-codes"

    var summary: String {
        switch self {
        case .environment: "The variables that Repro reads and sets"
        case .exitCodes: "What each exit code means"
        }
    }

    /// Name and meaning of each thing the page lists.
    var entries: [(name: String, meaning: String)] {
        switch self {
        case .environment: Self.environmentVariables
        case .exitCodes:
            [("0", "done")] + ErrorKind.allCases.map { ("\($0.exitCode)", $0.meaning) }
        }
    }

    private static let environmentVariables = [
        ("NO_COLOR", "if not empty: no colours, as --no-color"),
        ("TERM", "if `dumb`: no colours and no live view"),
        ("HOME", "where the user's own Git configuration is"),
        ("USER", "recorded with each run"),
    ]
}

extension ErrorKind {
    /// For people, beside the exit code.
    fileprivate var meaning: String {
        switch self {
        case .failed: "a stage failed, or a check found a difference"
        case .invalidInput: "the command line, or a file of yours, is wrong"
        case .notFound: "what was named does not exist"
        case .conflict: "unsaved work would be lost, or someone else holds the lock"
        case .corrupt: "damaged data was found"
        case .unavailable: "a remote, a server or the disk cannot serve now"
        case .denied: "permission was denied"
        case .internal: "a bug of Repro"
        case .interrupted: "stopped by you or by the system"
        }
    }
}
