import Diagnostics
import Experiments
import JSON
import ReproLogging

/// `repro log start`
enum LogStartCommand: Command {
    private static let experiment = OptionSpec.value(
        "experiment", .text("NAME", completes: .experiments), help: "The experiment; it is made if there is none")
    private static let name = OptionSpec.value("name", .text("NAME"), help: "The name of the run")
    private static let process = OptionSpec.value(
        "pid", .text("PID"), help: "The process that leads the run: if it ends without a word, the run was killed")

    static let spec = CommandSpec(
        "log start", "Begin a run, for a script to log to", in: .logging,
        options: [experiment, name, process, LogArguments.server],
        discussion: [
            "Prints the id of the run. Give it to the other commands by REPRO_RUN_ID, and end the run with `repro log finish`."
        ],
        examples: [
            CommandExample("export REPRO_RUN_ID=$(repro log start --experiment digits --pid $$)", "In a script")
        ], exits: LogArguments.exits)

    static func run(_ call: Invocation) throws -> ExitStatus {
        let arguments = call.arguments
        let owner = try arguments.value(of: process).map { text in
            guard let pid = Int32(text), pid > 0 else {
                throw UsageError.unusable("option --pid: \(text) is not the number of a process", hint: nil)
            }
            return pid
        }
        let report = try ShellLog.start(
            experiment: arguments.value(of: experiment), name: arguments.value(of: name), owner: owner,
            server: arguments.value(of: LogArguments.server), in: LogArguments.context(call))
        if !call.printsJSON { call.output.line(report.run.text) }
        return LogArguments.show(report, call)
    }
}
