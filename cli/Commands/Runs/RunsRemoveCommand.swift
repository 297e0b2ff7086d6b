import Diagnostics
import Experiments
import JSON
import Operations

/// `repro runs remove`
enum RunsRemoveCommand: Command {
    private static let runs = ArgumentSpec(
        "RUN", .atLeast(1), completes: .runs, help: "Names or ids of runs, or `last`")

    static let spec = CommandSpec(
        "runs remove", "Move runs to the bin", in: .runs, arguments: [runs],
        discussion: ["`repro runs --deleted` still lists them. Files of the workspace stay as they are."],
        exits: [
            CommandExit(.notFound, "There is no such run"), CommandExit(.conflict, "A run is still going on"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let removed = try removeRuns(call.arguments.values(of: runs), in: call.surroundings)
        if call.printsJSON {
            call.output.json(.object(["runs": .array(removed.map { JSONValue($0) })]))
        } else if !call.isQuiet {
            call.output.line("removed \(removed.map { printable($0.name) }.joined(separator: ", "))")
        }
        return .done
    }
}
