import Diagnostics
import Files
import JSON
import Operations

/// `repro db backup`
enum DBBackupCommand: Command {
    private static let file = ArgumentSpec("FILE", .one, completes: .files, help: "The file to make")

    static let spec = CommandSpec(
        "db backup", "Copy this project's tracking database while it is in use", in: .runs, arguments: [file],
        discussion: [
            "The copy is a database as of one moment, whatever is written meanwhile; copying the file by other means is "
                + "not safe. To go back, stop what uses it, and put the copy in the place of `.repro/tracking.sqlite` "
                + "without the files `-wal` and `-shm` beside it."
        ],
        examples: [CommandExample("repro db backup /backup/runs.sqlite", "")],
        exits: [CommandExit(.conflict, "The file exists"), CommandExit(.notFound, "There are no runs yet")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let monitor = ProgressMonitor(call)
        let report: BackUpReport
        do {
            defer { monitor.finish() }
            let target = AbsolutePath(call.arguments.value(of: file) ?? "", relativeTo: call.workingDirectory)
            report = try backUpDatabase(to: target, in: call.surroundings, monitor: monitor)
        }
        if call.printsJSON {
            call.output.json(
                .object([
                    "file": .string(report.file.description), "bytes": .integer(Int64(clamping: report.sizeBytes)),
                ]))
        } else if !call.isQuiet {
            call.output.line("\(printable(report.file.description)): \(Formats.bytes(report.sizeBytes))")
        }
        return .done
    }
}
