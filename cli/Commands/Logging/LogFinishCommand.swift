import Experiments
import ReproLogging

/// `repro log finish`
enum LogFinishCommand: Command {
    private static let status = OptionSpec.value(
        "status", .choice("STATUS", of: ["finished", "failed", "interrupted"]), help: "How it ended (finished)")
    private static let reason = OptionSpec.value("reason", .text("TEXT"), help: "Why it failed, in one sentence")

    static let spec = CommandSpec(
        "log finish", "End a run that a script has begun", in: .logging,
        options: [status, reason, LogArguments.run, LogArguments.server],
        examples: [CommandExample("repro log finish --status failed --reason 'no data'", "")],
        exits: LogArguments.exits)

    static func run(_ call: Invocation) throws -> ExitStatus {
        let ending = call.arguments.value(of: status).flatMap { RunStatus(rawValue: $0) } ?? .finished
        return LogArguments.show(
            try LogArguments.open(call).finish(ending, failure: call.arguments.value(of: reason)), call)
    }
}
