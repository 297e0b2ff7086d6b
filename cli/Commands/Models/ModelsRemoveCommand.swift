import Diagnostics
import Experiments
import JSON
import Operations

/// `repro models remove`
enum ModelsRemoveCommand: Command {
    private static let address = ArgumentSpec("NAME[@VERSION]", help: "A model, or one version of it")

    static let spec = CommandSpec(
        "models remove", "Remove a model with all its versions, or one version", in: .models, arguments: [address],
        discussion: ["The files stay with the runs that made them. A version's number is never given again."],
        exits: [CommandExit(.notFound, "There is no such model or version")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let versions = try removeModel(
            ModelAddress(call.arguments.value(of: address) ?? ""), in: call.surroundings)
        if call.printsJSON {
            call.output.json(.object(["versions": .array(versions.map { JSONValue($0) })]))
        } else if !call.isQuiet {
            let names = versions.map { "\(printable($0.model))@\($0.number)" }
            call.output.line("removed " + (names.isEmpty ? "a model without versions" : names.joined(separator: ", ")))
        }
        return .done
    }
}
