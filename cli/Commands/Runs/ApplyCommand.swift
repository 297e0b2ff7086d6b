import Diagnostics
import Experiments
import Operations

/// `repro apply`
enum ApplyCommand: Command {
    private static let run = ArgumentSpec("RUN", completes: .runs, help: "The name or id of a run, or `last`")
    private static let force = OptionSpec.flag(
        "force", short: "f", help: "Also overwrite uncommitted changes, params and files that are saved nowhere")

    static let spec = CommandSpec(
        "apply", "Make the workspace what it was in a run: code, params and outs", in: .runs, arguments: [run],
        options: [force],
        discussion: [
            "As `repro restore`, and the code too: the commit with the uncommitted changes that the run used. The branch "
                + "stays where it is, so that `git diff` shows the difference."
        ],
        exits: [
            CommandExit(.notFound, "There is no such run, or its code is not known"),
            CommandExit(.conflict, "Unsaved work would be lost; nothing was changed"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var options = ApplyRunOptions(run: call.arguments.value(of: run) ?? "")
        options.isForced = call.arguments.has(force)
        let report = try applyRun(options, in: call.surroundings)
        if call.printsJSON {
            call.output.json(RestoreText.json(report))
        } else if !call.isQuiet {
            RestoreText.show(report, call.output)
        }
        return .done
    }
}
