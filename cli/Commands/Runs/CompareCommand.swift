import Diagnostics
import Experiments
import JSON
import Operations

/// `repro compare`
enum CompareCommand: Command {
    private static let runs = ArgumentSpec(
        "RUN", .atLeast(2), completes: .runs,
        help: "Names or ids of runs, or `last`; the others are held against the first")
    private static let all = OptionSpec.flag(
        "all", short: "a", help: "Also the params and metrics that are the same in all")

    static let spec = CommandSpec(
        "compare", "Set runs side by side: only what differs", in: .runs, arguments: [runs],
        options: [all, ServerArgument.server],
        discussion: [
            "Params, metrics with their change, the code, then the stages in the order of the pipeline, each with the "
                + "files that it read or made otherwise: the first one is where the runs part."
        ],
        examples: [
            CommandExample("repro compare run1 run6", "Two runs"),
            CommandExample("repro compare baseline last --all", "With what they share"),
        ],
        exits: [CommandExit(.notFound, "There is no such run")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var options = CompareRunsOptions(runs: call.arguments.values(of: runs))
        options.includesEqual = call.arguments.has(all)
        let report = try compareRuns(options, in: call.surroundingsWithServer)
        if call.printsJSON {
            call.output.json(ComparisonText(report).json)
        } else {
            ComparisonText(report).show(on: call.output)
        }
        return .done
    }
}
