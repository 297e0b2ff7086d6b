import Operations

/// `repro params show`
enum ParamsShowCommand: Command {
    private static let run = ArgumentSpec(
        "RUN", .optional, completes: .runs, help: "A run, or `workspace`, which is meant if none is named")

    static let spec = CommandSpec(
        "params show", "Show the params that the stages use", in: .values, arguments: [run],
        options: [ServerArgument.server],
        examples: [
            CommandExample("repro params show", "As they are in the files now"),
            CommandExample("repro params show run6", "As they were in a run"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        ValuesText.show(try showParams(Revision(call.arguments.value(of: run)), in: call.surroundingsWithServer), call)
        return .done
    }
}
