import Diagnostics
import Experiments
import JSON
import Operations

/// `repro runs restore`
enum RunsRestoreCommand: Command {
    private static let runs = ArgumentSpec("RUN", .atLeast(1), help: "Runs that are in the bin, by name or id")

    static let spec = CommandSpec(
        "runs restore", "Take runs out of the bin", in: .runs, arguments: [runs], options: [ServerArgument.server],
        discussion: ["To bring the files of a run back there is `repro restore`."],
        examples: [CommandExample("repro runs restore run7", "")],
        exits: [CommandExit(.notFound, "There is no such run in the bin")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let restored = try restoreDeletedRuns(call.arguments.values(of: runs), in: call.surroundingsWithServer)
        if call.printsJSON {
            call.output.json(.object(["runs": .array(restored.map { JSONValue($0) })]))
        } else if !call.isQuiet {
            call.output.line("restored \(restored.map { printable($0.name) }.joined(separator: ", "))")
        }
        return .done
    }
}
