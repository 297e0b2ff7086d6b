import Diagnostics
import Experiments
import JSON
import Operations

/// `repro models register`
enum ModelsRegisterCommand: Command {
    private static let name = ArgumentSpec("NAME", help: "The model; made if there is none of this name")
    private static let source = ArgumentSpec(
        "RUN", completes: .runs, help: "The run that made it: its name or id, or `last`")
    private static let path = ArgumentSpec(
        "PATH", completes: .files, help: "An artifact or an out of the run, a file or a folder")
    private static let alias = OptionSpec.value("alias", .text("ALIAS"), help: "Let this alias lead to the new version")
    private static let description = OptionSpec.value(
        "description", short: "m", .text("TEXT"), help: "What to know of it")

    static let spec = CommandSpec(
        "models register", "Publish what a run made as the next version of a model", in: .models,
        arguments: [name, source, path], options: [alias, description],
        discussion: [
            "MLflow's clients load it as `models:/NAME@ALIAS` from `repro server`. No byte is copied, and as long as the "
                + "run is kept, so are the files."
        ],
        examples: [
            CommandExample("repro models register guess run6 models/guess.bin --alias champion", "")
        ],
        exits: [CommandExit(.notFound, "There is no such run, or it made nothing at PATH")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var options = RegisterModelOptions(
            name: call.arguments.value(of: name) ?? "", run: call.arguments.value(of: source) ?? "",
            path: call.arguments.path(of: path) ?? [])
        options.alias = call.arguments.value(of: alias)
        options.description = call.arguments.value(of: description) ?? ""
        let version = try registerModel(options, in: call.surroundings)
        if call.printsJSON {
            call.output.json(JSONValue(version))
        } else if !call.isQuiet {
            let aliases = version.aliases.isEmpty ? "" : " (\(version.aliases.joined(separator: ", ")))"
            call.output.line("registered \(printable(version.model))@\(version.number)\(printable(aliases))")
        }
        return .done
    }
}
