import Diagnostics
import Experiments
import JSON
import Operations

/// `repro models show`
enum ModelsShowCommand: Command {
    private static let name = ArgumentSpec("NAME", help: "A registered model")

    static let spec = CommandSpec(
        "models show", "Show the versions of a model, and what made each", in: .models, arguments: [name],
        exits: [CommandExit(.notFound, "There is no such model")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let report = try showModel(call.arguments.value(of: name) ?? "", in: call.surroundings)
        if call.printsJSON {
            call.output.json(JSONValue(report))
            return .done
        }
        var table = Table([
            .init("version", .right), .init("aliases"), .init("run"), .init("source"), .init("created"),
            .init("description", shrinksTo: 20),
        ])
        for version in report.versions.reversed() {
            table.add([
                .init("\(version.number)"), .init(version.aliases.joined(separator: ", ")),
                .init(String(version.run.prefix(8)), .faint), .init(version.source, .faint),
                .init(Formats.age(of: version.createdAt, at: call.clock.now()), .faint), .init(version.description),
            ])
        }
        if !report.model.description.isEmpty { call.output.line(printable(report.model.description)) }
        call.output.table(table)
        return .done
    }
}
