import Diagnostics
import Operations

/// `repro save`
enum SaveCommand: Command {
    private static let name = OptionSpec.value("name", .text("NAME"), help: "Name the run; else a name is made up")
    private static let experiment = OptionSpec.value(
        "experiment", .text("NAME", completes: .experiments), help: "The experiment that the run belongs to")

    static let spec = CommandSpec(
        "save", "Record the workspace as it is as a run, without running anything", in: .pipeline,
        options: [name, experiment],
        discussion: [
            "The run has the params as they are now, the metrics in the metrics files and the outs that are there, so "
                + "that it can be compared, and restored, like any other. A stage that is out of date is recorded as not "
                + "run: nobody knows whether its outs belong to its inputs. `repro commit` is for vouching that they do."
        ],
        examples: [CommandExample("repro save --name before-cleanup", "")],
        exits: [CommandExit(.invalidInput, "The pipeline or a param is wrong; nothing was recorded")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var options = SaveRunOptions()
        options.name = call.arguments.value(of: name)
        options.experiment = call.arguments.value(of: experiment)
        let report = try saveRun(options, in: call.surroundings)
        if call.printsJSON {
            call.output.json(RunSummary(report, call).json)
        } else {
            if !call.isQuiet { RunSummary(report, call).show() }
            for warning in report.warnings { call.warn(warning) }
        }
        return .done
    }
}
