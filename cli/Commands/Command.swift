import Diagnostics

/// One thing that a user can ask for: what the command line says of it, and what it does.
///
/// A command turns its arguments into an operation's options, calls the operation, and prints its report; it decides
/// nothing itself.
protocol Command: SendableMetatype {
    static var spec: CommandSpec { get }
    static func run(_ call: Invocation) throws -> ExitStatus
}

/// How a command ended, if it did not throw.
struct ExitStatus: Sendable, Equatable {
    let code: Int32

    static let done = ExitStatus(code: 0)

    /// The command did its work and says so in its report, and what it found is a failure of this kind.
    static func found(_ kind: ErrorKind) -> ExitStatus { ExitStatus(code: kind.exitCode) }

    private init(code: Int32) { self.code = code }
}
