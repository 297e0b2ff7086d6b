import ReproLogging

/// `repro log dataset`
enum LogDatasetCommand: Command {
    private static let path = ArgumentSpec("PATH", completes: .files, help: "A file or folder that the run reads")
    private static let name = OptionSpec.value(
        "name", .text("NAME"), help: "What it is called; without it, the file's name")
    private static let use = OptionSpec.value("context", .text("WHAT"), help: "What for: training, evaluation")

    static let spec = CommandSpec(
        "log dataset", "Record data that a run reads", in: .logging, arguments: [path],
        options: [name, use, LogArguments.run, LogArguments.server],
        discussion: ["Its name and a digest of its content are recorded; the content is not kept."],
        examples: [CommandExample("repro log dataset data/train --context training", "")], exits: LogArguments.exits)

    static func run(_ call: Invocation) throws -> ExitStatus {
        let arguments = call.arguments
        return LogArguments.show(
            try LogArguments.open(call).log(
                dataset: arguments.value(of: path) ?? "", name: arguments.value(of: name),
                context: arguments.value(of: use)), call)
    }
}
