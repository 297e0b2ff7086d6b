import Diagnostics
import JSON
import Operations

/// `repro db upgrade`
enum DBUpgradeCommand: Command {
    private static let database = ArgumentSpec(
        "DATABASE", .optional, completes: .files, help: "postgresql://… or a SQLite file; else this project's")

    static let spec = CommandSpec(
        "db upgrade", "Bring the tracking database to this program's format", in: .runs, arguments: [database],
        discussion: [
            "Every command does that when it opens a database of an older format, in one transaction. This one does it at "
                + "a time of your choice, and says from which version to which. Older programs then refuse it."
        ],
        examples: [CommandExample("repro db upgrade", "")], exits: [CommandExit(.notFound, "There is no database")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let source = try TrackingSource(call.arguments.value(of: database), in: call.surroundings)
        let report = try upgradeDatabase(source, in: call.surroundings)
        if call.printsJSON {
            call.output.json(
                .object([
                    "database": .string(report.database), "before": JSONValue(report.before),
                    "after": JSONValue(report.after),
                ]))
        } else if !call.isQuiet {
            let change =
                report.before == report.after
                ? "has format version \(report.after) already"
                : "had format version \(report.before) and has \(report.after) now"
            call.output.line("\(printable(report.database)) \(change)")
        }
        return .done
    }
}
