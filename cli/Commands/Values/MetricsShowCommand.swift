import Operations

/// `repro metrics show`
enum MetricsShowCommand: Command {
    private static let run = ArgumentSpec(
        "RUN", .optional, completes: .runs, help: "A run, or `workspace`, which is meant if none is named")

    static let spec = CommandSpec(
        "metrics show", "Show the metrics", in: .values, arguments: [run],
        options: [ServerArgument.server],
        examples: [
            CommandExample("repro metrics show", "As they are in the metrics files now"),
            CommandExample("repro metrics show run6", "As a run logged them"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        ValuesText.show(try showMetrics(Revision(call.arguments.value(of: run)), in: call.surroundingsWithServer), call)
        return .done
    }
}
