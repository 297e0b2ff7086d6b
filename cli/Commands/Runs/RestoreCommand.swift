import Diagnostics
import Operations

/// `repro restore`
enum RestoreCommand: Command {
    private static let run = ArgumentSpec("RUN", completes: .runs, help: "The name or id of a run, or `last`")
    private static let force = OptionSpec.flag(
        "force", short: "f", help: "Also overwrite params and files that are saved nowhere")

    static let spec = CommandSpec(
        "restore", "Bring the params and outs of a run back into the workspace", in: .runs, arguments: [run],
        options: [force],
        discussion: [
            "Everything is checked first: nothing is changed if an object is missing or if work would be lost that is "
                + "saved nowhere. The code is not touched; `repro show` names its commit."
        ],
        examples: [CommandExample("repro restore run6", "")],
        exits: [
            CommandExit(.notFound, "There is no such run"),
            CommandExit(.conflict, "Unsaved work would be lost; nothing was changed"),
            CommandExit(.corrupt, "An object is missing or damaged; nothing was changed"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var options = RestoreRunOptions(run: call.arguments.value(of: run) ?? "")
        options.isForced = call.arguments.has(force)
        let report = try restoreRun(options, in: call.surroundings)
        if call.printsJSON {
            call.output.json(RestoreText.json(report))
        } else if !call.isQuiet {
            RestoreText.show(report, call.output)
        }
        return .done
    }
}
