import Diagnostics
import Operations

/// `repro plots diff`
enum PlotsDiffCommand: Command {
    private static let revisions = ArgumentSpec(
        "REVISION", .any, completes: .runs,
        help: "Runs, Git commits or branches, or `workspace`; one alone is compared with the workspace")
    private static let targets = OptionSpec.values(
        "target", .text("PLOT", completes: .files), help: "Only this plot, file or folder; may be given several times")

    static let spec = CommandSpec(
        "plots diff", "Draw the plots of several runs or commits into one another", in: .values,
        arguments: [revisions], options: [targets] + PlotsArguments.options,
        discussion: [
            "Without revisions: the latest run and the workspace. Each revision has a colour of its own; confusion "
                + "matrices and pictures stand side by side."
        ],
        examples: [
            CommandExample("repro plots diff", "From the latest run to now"),
            CommandExample("repro plots diff run1 run6 --target loss.csv", "One plot of two runs"),
            CommandExample("repro plots diff main --out review.html", "From a branch to now"),
        ],
        exits: [CommandExit(.notFound, "There is no such run or commit")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var options = PlotsOptions()
        var named = call.arguments.values(of: revisions)
        if named.isEmpty { named = ["last"] }
        if named.count == 1 { named.append("workspace") }
        options.revisions = named.map { Revision($0) }
        options.targets = call.arguments.values(of: targets)
        options.overrides = PlotsArguments.overrides(call.arguments)
        let title = "Plots of " + named.joined(separator: ", ")
        return try PlotsArguments.show(collectPlots(options, in: call.surroundings), title: title, call)
    }
}
