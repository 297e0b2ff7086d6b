import Operations

/// `repro metrics diff`
enum MetricsDiffCommand: Command {
    static let spec = CommandSpec(
        "metrics diff", "Show how metrics differ between two runs, or a run and now", in: .values,
        arguments: [DiffArguments.from, DiffArguments.to],
        options: [DiffArguments.all, DiffArguments.markdown, ServerArgument.server],
        examples: [
            CommandExample("repro metrics diff", "From the latest run to now"),
            CommandExample("repro metrics diff run1 run6", "From one run to another"),
            CommandExample("repro metrics diff main --md", "From a branch to now, for a pull request"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        ValuesText.show(try diffMetrics(DiffArguments.options(call.arguments), in: call.surroundingsWithServer), call)
        return .done
    }
}
