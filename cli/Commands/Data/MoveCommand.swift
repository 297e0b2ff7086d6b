import Diagnostics
import Files
import JSON
import Operations

/// `repro move`
enum MoveCommand: Command {
    private static let source = ArgumentSpec("SOURCE", completes: .files, help: "Tracked data")
    private static let target = ArgumentSpec(
        "TARGET", completes: .files, help: "Its new path, or a folder to move it into")

    static let spec = CommandSpec(
        "move", "Give tracked data another path", in: .data, arguments: [source, target],
        discussion: [
            "Files, pointer file and the line in .gitignore move together; no content is read. Stages that depend on SOURCE "
                + "are not changed."
        ],
        examples: [CommandExample("repro move data/raw data/2026", "")],
        exits: [
            CommandExit(.notFound, "SOURCE is not tracked"),
            CommandExit(.conflict, "TARGET is taken; nothing was moved"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let options = MoveDataOptions(
            source: call.arguments.path(of: source) ?? [],
            target: call.arguments.path(of: target) ?? [])
        let report = try moveData(options, in: call.surroundings)
        if call.printsJSON {
            call.output.json(
                .object([
                    "source": .string(report.source.description), "target": .string(report.target.description),
                ]))
        } else if !call.isQuiet {
            call.output.line(printable("moved \(report.source) to \(report.target)"))
        }
        return .done
    }
}
