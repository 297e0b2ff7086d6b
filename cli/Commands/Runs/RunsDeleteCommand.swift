import Diagnostics
import Experiments
import JSON
import Operations

/// `repro runs delete`
enum RunsDeleteCommand: Command {
    private static let runs = ArgumentSpec(
        "RUN", .atLeast(1), completes: .runs, help: "Names or ids of runs, or `last`")

    static let spec = CommandSpec(
        "runs delete", "Move runs to the bin", in: .runs, arguments: [runs], options: [ServerArgument.server],
        discussion: [
            "`repro runs --deleted` still lists them, `repro runs restore` takes them out again, `repro runs purge` removes "
                + "them for good. Files of the workspace stay as they are."
        ],
        examples: [CommandExample("repro runs delete last", "The latest run, such as one that was a mistake")],
        exits: [
            CommandExit(.notFound, "There is no such run"), CommandExit(.conflict, "A run is still going on"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let deleted = try deleteRuns(call.arguments.values(of: runs), in: call.surroundingsWithServer)
        if call.printsJSON {
            call.output.json(.object(["runs": .array(deleted.map { JSONValue($0) })]))
        } else if !call.isQuiet {
            call.output.line("deleted \(deleted.map { printable($0.name) }.joined(separator: ", "))")
        }
        return .done
    }
}
