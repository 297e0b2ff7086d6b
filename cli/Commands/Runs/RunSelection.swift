import Operations

/// The options of commands that take many runs: which of them.
enum RunSelection {
    private static let filter = OptionSpec.value(
        "filter", .text("FILTER"), help: "Only the runs for which this is true")
    private static let experiment = OptionSpec.value(
        "experiment", .text("NAME", completes: .experiments), help: "Only the runs of this experiment")
    private static let deleted = OptionSpec.flag("deleted", help: "Also the runs in the bin")

    static let options = [filter, experiment, deleted]

    static func read(_ arguments: ParsedArguments) -> ListRunsOptions {
        var options = ListRunsOptions()
        options.filter = arguments.value(of: filter)
        options.experiment = arguments.value(of: experiment)
        options.includesDeleted = arguments.has(deleted)
        return options
    }
}
