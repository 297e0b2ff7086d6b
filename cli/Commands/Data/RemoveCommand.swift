import Diagnostics
import Files
import JSON
import Operations

/// `repro remove`
enum RemoveCommand: Command {
    private static let paths = ArgumentSpec(
        "PATH", .atLeast(1), completes: .files, help: "Tracked data, or its pointer file")
    private static let files = OptionSpec.flag("files", help: "Also remove the files themselves")
    private static let force = OptionSpec.flag(
        "force", short: "f", help: "With --files: also files that are saved nowhere")

    static let spec = CommandSpec(
        "remove", "Stop tracking data", in: .data, arguments: [paths], options: [files, force],
        discussion: [
            "The pointer file and the line in .gitignore go; the files stay, unless --files is given. What is in the store "
                + "stays there until `repro gc`, so a commit that still has the pointer can be checked out."
        ],
        examples: [
            CommandExample("repro remove data/raw", ""), CommandExample("repro remove --files data/old.csv", ""),
        ],
        exits: [
            CommandExit(.notFound, "PATH is not tracked"),
            CommandExit(.conflict, "Files that are saved nowhere would be lost; nothing was removed"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var options = RemoveDataOptions(paths: call.arguments.paths(of: paths))
        options.removesFiles = call.arguments.has(files)
        options.isForced = call.arguments.has(force)
        let report = try removeData(options, in: call.surroundings)
        if call.printsJSON {
            call.output.json(
                .object([
                    "removed": JSONValue(report.removed.map(\.description)), "removedFiles": .bool(report.removedFiles),
                ]))
        } else if !call.isQuiet {
            for path in report.removed {
                call.output.line(
                    "\(printable(path.description)) is tracked no more"
                        + (report.removedFiles ? ", and its files are removed" : ""))
            }
        }
        return .done
    }
}
