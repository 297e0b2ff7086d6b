package import Diagnostics
package import Files

/// Why a stage could not be run to its end.
package enum StageError: UserFacingError {
    case dependencyMissing(stage: StageName, path: RelativePath, location: SourceLocation)
    case workingDirectoryMissing(stage: StageName, path: RelativePath, location: SourceLocation)
    case frozenOutputMissing(stage: StageName, path: RelativePath, location: SourceLocation)
    case commandFailed(stage: StageName, command: String, exit: CommandExit, lastLines: [String])
    case timedOut(stage: StageName, command: String, after: Duration, lastLines: [String])
    case outputMissing(stage: StageName, path: RelativePath, location: SourceLocation)
    case interrupted(stage: StageName)
    /// The store, the disk or the system failed; the cause says how.
    case other(stage: StageName, cause: any UserFacingError)
    /// An error of no kind that we know: a bug of ours.
    case unexpected(stage: StageName, description: String)

    /// How a command ended.
    package enum CommandExit: Sendable, Equatable {
        case code(Int32)
        case signal(Int32)
    }

    package var kind: ErrorKind {
        switch self {
        case .dependencyMissing, .workingDirectoryMissing: .invalidInput
        case .commandFailed, .timedOut, .outputMissing, .frozenOutputMissing: .failed
        case .interrupted: .interrupted
        case .other(_, let cause): cause.kind
        case .unexpected: .internal
        }
    }

    package var message: String {
        switch self {
        case .dependencyMissing(let stage, let path, _): "stage \(stage): dep \(path) does not exist"
        case .workingDirectoryMissing(let stage, let path, _): "stage \(stage): wdir \(path) does not exist"
        case .frozenOutputMissing(let stage, let path, _): "stage \(stage) is frozen, and its out \(path) is missing"
        case .commandFailed(let stage, let command, let exit, let lines):
            "stage \(stage): \(Self.quoted(command)) \(exit)" + Self.quotation(lines)
        case .timedOut(let stage, let command, let limit, let lines):
            "stage \(stage): \(Self.quoted(command)) was stopped after its timeout of \(limit.components.seconds) s"
                + Self.quotation(lines)
        case .outputMissing(let stage, let path, _): "stage \(stage): out \(path) was not written"
        case .interrupted(let stage): "stage \(stage) was interrupted"
        case .other(let stage, let cause): "stage \(stage): \(cause.message)"
        case .unexpected(let stage, let description): "stage \(stage): internal error: \(description)"
        }
    }

    package var hint: String? {
        switch self {
        case .dependencyMissing(_, let path, _): "create \(path), correct the path, or remove it from deps"
        case .workingDirectoryMissing: "create the folder, or correct wdir"
        case .frozenOutputMissing: "restore it, or remove `frozen: true` from the stage"
        case .commandFailed(_, let command, .code(127), _):
            "\(Self.program(of: command)) was not found; install it, or correct cmd"
        case .commandFailed(_, let command, .code(126), _): "\(Self.program(of: command)) is not executable"
        case .commandFailed(let stage, _, _, _): "the whole log: `repro logs last \(stage)`"
        case .timedOut: "raise `timeout` of the stage, or remove it"
        case .outputMissing(_, let path, _): "correct the path of the out, or let the command write \(path)"
        case .interrupted: "`repro run` goes on where it stopped"
        case .other(_, let cause): cause.hint
        case .unexpected: "this is a bug of Repro: please report it"
        }
    }

    package var location: SourceLocation? {
        switch self {
        case .dependencyMissing(_, _, let location), .workingDirectoryMissing(_, _, let location),
            .frozenOutputMissing(_, _, let location), .outputMissing(_, _, let location):
            location
        case .other(_, let cause): cause.location
        case .commandFailed, .timedOut, .interrupted, .unexpected: nil
        }
    }

    /// The first line of a command, shortened.
    private static func quoted(_ command: String) -> String {
        let line = command.prefix { $0 != "\n" }
        return line.count > 80 ? "`\(line.prefix(77))...`" : "`\(line)`"
    }

    private static func program(of command: String) -> String {
        command.split(separator: " ").first { !$0.contains("=") }.map { "`\($0)`" } ?? "the command"
    }

    private static func quotation(_ lines: [String]) -> String {
        lines.isEmpty ? "" : "\n" + lines.map { "  | \($0)" }.joined(separator: "\n")
    }
}

extension StageError.CommandExit: CustomStringConvertible {
    package var description: String {
        switch self {
        case .code(127): "failed: command not found"
        case .code(let code): "failed with exit code \(code)"
        case .signal(9): "was killed by signal 9 (the system may have run out of memory)"
        case .signal(let signal): "was killed by signal \(signal)"
        }
    }
}
