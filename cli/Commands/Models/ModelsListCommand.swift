import Diagnostics
import Experiments
import JSON
import Operations

/// `repro models list`
enum ModelsListCommand: Command {
    static let spec = CommandSpec("models list", "List the registered models", in: .models)

    static func run(_ call: Invocation) throws -> ExitStatus {
        let reports = try listModels(in: call.surroundings)
        if call.printsJSON {
            call.output.json(.object(["models": .array(reports.map { JSONValue($0) })]))
        } else if reports.isEmpty {
            call.note("there are no models; register one with `repro models register NAME RUN PATH`")
        } else {
            var table = Table([
                .init("model"), .init("latest", .right), .init("aliases"), .init("updated"),
                .init("description", shrinksTo: 20),
            ])
            for report in reports {
                let aliases = report.model.aliases.map { "\($0.alias)@\($0.version)" }
                table.add([
                    .init(report.model.name), .init(report.versions.last.map { "\($0.number)" } ?? "–"),
                    .init(aliases.joined(separator: ", ")),
                    .init(Formats.age(of: report.model.updatedAt, at: call.clock.now()), .faint),
                    .init(report.model.description, .faint),
                ])
            }
            call.output.table(table)
        }
        return .done
    }
}
