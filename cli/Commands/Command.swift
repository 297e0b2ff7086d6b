import Diagnostics
import Files

/// One thing that a user can ask for: what the command line says of it, and what it does.
///
/// A command turns its arguments into an operation's options, calls the operation, and prints its report; it decides
/// nothing itself.
protocol Command: SendableMetatype {
    static var spec: CommandSpec { get }
    static func run(_ call: Invocation) throws -> ExitStatus
}

/// One start of the program, as a command sees it.
struct Invocation: Sendable {
    let arguments: ParsedArguments
    let output: TextStream
    let errors: TextStream
    let environment: [String: String]
    /// From `-C`, or where the program was started.
    let workingDirectory: AbsolutePath
    let clock: Clock

    var printsJSON: Bool { arguments.has(GlobalOptions.json) }
    var isQuiet: Bool { arguments.has(GlobalOptions.quiet) }
    var isVerbose: Bool { arguments.has(GlobalOptions.verbose) }
}

/// How a command ended, if it did not throw.
struct ExitStatus: Sendable, Equatable {
    let code: Int32

    static let done = ExitStatus(code: 0)

    /// The command did its work and says so in its report, and what it found is a failure of this kind.
    static func found(_ kind: ErrorKind) -> ExitStatus { ExitStatus(code: kind.exitCode) }

    private init(code: Int32) { self.code = code }
}
