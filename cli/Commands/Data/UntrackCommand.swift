import Diagnostics
import Files
import JSON
import Operations

/// `repro untrack`
enum UntrackCommand: Command {
    private static let paths = ArgumentSpec(
        "PATH", .atLeast(1), completes: .files, help: "Tracked data, or its pointer file")

    static let spec = CommandSpec(
        "untrack", "Turn tracked data back into ordinary files", in: .data, arguments: [paths],
        discussion: [
            "The pointer file and the line in .gitignore go, and the files stay, as your own: links into the store become "
                + "copies, and data that is not there is made first. Then Git may have them. `repro remove` only stops "
                + "tracking."
        ],
        examples: [CommandExample("repro untrack data/labels.csv && git add data/labels.csv", "")],
        exits: [CommandExit(.notFound, "PATH is not tracked, or its content is nowhere")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let report = try untrackData(call.arguments.paths(of: paths), in: call.surroundings)
        if call.printsJSON {
            call.output.json(
                .object([
                    "untracked": JSONValue(report.paths.map(\.description)),
                    "made": JSONValue(report.made.map(\.description)),
                ]))
        } else if !call.isQuiet {
            for path in report.paths {
                let note = report.made.contains(path) ? "; its files were made from the store" : ""
                call.output.line("\(printable(path.description)) is an ordinary path again\(note)")
            }
        }
        return .done
    }
}
