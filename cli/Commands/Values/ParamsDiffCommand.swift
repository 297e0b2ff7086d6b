import Operations

/// `repro params diff`
enum ParamsDiffCommand: Command {
    static let spec = CommandSpec(
        "params diff", "Show how params differ between two runs, or a run and now", in: .values,
        arguments: [DiffArguments.from, DiffArguments.to],
        options: [DiffArguments.all, DiffArguments.markdown, ServerArgument.server],
        examples: [
            CommandExample("repro params diff", "From the latest run to now"),
            CommandExample("repro params diff run1 run6", "From one run to another"),
            CommandExample("repro params diff main --md", "From a branch to now, for a pull request"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        ValuesText.show(try diffParams(DiffArguments.options(call.arguments), in: call.surroundingsWithServer), call)
        return .done
    }
}
