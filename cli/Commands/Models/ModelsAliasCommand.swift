import Diagnostics
import Experiments
import JSON
import Operations

/// `repro models alias`
enum ModelsAliasCommand: Command {
    private static let address = ArgumentSpec("NAME[@VERSION]", help: "A version of a model; by default its latest")
    private static let alias = ArgumentSpec("ALIAS", help: "`champion`, say")
    private static let remove = OptionSpec.flag("remove", help: "Remove the alias, wherever it leads")

    static let spec = CommandSpec(
        "models alias", "Let an alias lead to a version of a model", in: .models, arguments: [address, alias],
        options: [remove],
        discussion: ["An alias leads to one version at a time: it leaves the one that had it."],
        examples: [
            CommandExample("repro models alias guess@3 champion", ""),
            CommandExample("repro models alias guess@challenger champion", "what one alias leads to, the other does"),
        ],
        exits: [CommandExit(.notFound, "There is no such model, version or alias")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let address = ModelAddress(call.arguments.value(of: address) ?? "")
        let alias = call.arguments.value(of: alias) ?? ""
        if call.arguments.has(remove) {
            try removeModelAlias(alias, model: address.name, in: call.surroundings)
            if call.printsJSON {
                call.output.json(.object(["model": .string(address.name), "removed": .string(alias)]))
            } else if !call.isQuiet {
                call.output.line("\(printable(address.name)) has no alias \(printable(alias)) any more")
            }
            return .done
        }
        let version = try setModelAlias(alias, to: address, in: call.surroundings)
        if call.printsJSON {
            call.output.json(JSONValue(version))
        } else if !call.isQuiet {
            call.output.line(
                "\(printable(version.model))@\(printable(alias)) is \(printable(version.model))@\(version.number)")
        }
        return .done
    }
}
