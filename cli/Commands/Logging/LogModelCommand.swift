import Diagnostics
import ReproLogging

/// `repro log model`
enum LogModelCommand: Command {
    private static let path = ArgumentSpec("PATH", completes: .files, help: "A file or folder that the run made")
    private static let name = OptionSpec.value(
        "name", .text("NAME"), help: "What the model is called; without it, `model`")
    private static let type = OptionSpec.value("type", .text("TYPE"), help: "What wrote it: sklearn, swift")
    private static let step = OptionSpec.value("step", .text("N"), help: "The step of the training that made it (0)")

    static let spec = CommandSpec(
        "log model", "Keep a model that a run made", in: .logging, arguments: [path],
        options: [name, type, step, LogArguments.run, LogArguments.server],
        discussion: ["It is listed among the models of the experiment, and can be registered by MLflow's clients."],
        examples: [CommandExample("repro log model model.bin --name digits", "")], exits: LogArguments.exits)

    static func run(_ call: Invocation) throws -> ExitStatus {
        let arguments = call.arguments
        let name = arguments.value(of: name) ?? "model"
        if name.contains(where: { "/:.%\"'".contains($0) }) {
            throw UsageError.unusable("option --name: \(name) has one of / : . % \" '", hint: nil)
        }
        let step = try arguments.value(of: step).map { try LogArguments.wholeNumber($0, "option --step") } ?? 0
        return LogArguments.show(
            try LogArguments.open(call).log(
                model: arguments.value(of: path) ?? "", name: name, type: arguments.value(of: type), step: step), call)
    }
}
