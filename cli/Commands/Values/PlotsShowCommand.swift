import Diagnostics
import Operations

/// `repro plots show`
enum PlotsShowCommand: Command {
    private static let targets = ArgumentSpec(
        "PLOT", .any, completes: .files, help: "A plot's id, a file or a folder; every plot if none is named")
    private static let revision = OptionSpec.value(
        "revision", .text("REVISION", completes: .runs),
        help: "A run, or a Git commit or branch; else the workspace")

    static let spec = CommandSpec(
        "plots show", "Draw the plots", in: .values, arguments: [targets], options: [revision] + PlotsArguments.options,
        discussion: [
            "Plots are the files below `plots` of a stage, and what the pipeline file defines in `plots` at its top: "
                + "JSON, YAML, CSV and TSV files with one mapping or line a point, and pictures. A file that is named "
                + "here is drawn even if nobody declared it.",
            "With --json the points are printed, and nothing is written.",
        ],
        examples: [
            CommandExample("repro plots show", "All of them, on one page"),
            CommandExample("repro plots show loss.csv -x epoch -y loss", "Two columns of a file"),
            CommandExample("repro plots show --format svg --out report", "Pictures for a report"),
        ],
        exits: [CommandExit(.notFound, "There is no such plot, file or revision")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var options = PlotsOptions()
        options.targets = call.arguments.values(of: targets)
        options.revisions = [Revision(call.arguments.value(of: revision))]
        options.overrides = PlotsArguments.overrides(call.arguments)
        return try PlotsArguments.show(collectPlots(options, in: call.surroundings), title: "Plots", call)
    }
}
