import Diagnostics
import Experiments
import JSON
import Operations

/// `repro db copy`
enum DBCopyCommand: Command {
    private static let source = ArgumentSpec(
        "SOURCE", .one, completes: .files, help: "postgresql://…, a SQLite file, or a project's folder")
    private static let target = ArgumentSpec("TARGET", .one, completes: .files, help: "The same; made if need be")
    private static let replace = OptionSpec.flag("replace", help: "Lose what the target has")

    static let spec = CommandSpec(
        "db copy", "Copy a tracking database, between SQLite and PostgreSQL, too", in: .runs,
        arguments: [source, target], options: [replace],
        discussion: [
            "Every table is read again from the target and compared by count and digest; until that is right nothing is "
                + "kept. The source may be in use: all of it is copied as of one moment. Objects (artifacts, logs, "
                + "outputs) are not in a database: `repro push` takes them along.",
            "A password is best given by ~/.pgpass or PGPASSWORD.",
        ],
        examples: [
            CommandExample(
                "repro db copy . postgresql://repro@db.example.org/runs", "Move a project's runs to a server")
        ],
        exits: [
            CommandExit(.conflict, "The target has runs, and --replace is not given"),
            CommandExit(.corrupt, "The copy was not the same; nothing was kept"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let places = try (
            TrackingSource(call.arguments.value(of: source), in: call.surroundings),
            TrackingSource(call.arguments.value(of: target), in: call.surroundings)
        )
        let monitor = ProgressMonitor(call)
        let report: CopyDatabaseReport
        do {
            defer { monitor.finish() }
            report = try copyDatabase(
                from: places.0, to: places.1, call.arguments.has(replace) ? .replaceOthers : .refuseOthers,
                in: call.surroundings, monitor: monitor)
        }
        if call.printsJSON {
            var tables = JSONObject()
            for table in report.tables { tables[table.table] = JSONValue(table.count) }
            call.output.json(
                .object([
                    "source": .string(report.source), "target": .string(report.target), "tables": .object(tables),
                ]))
            return .done
        }
        if call.isVerbose {
            for table in report.tables { call.output.line("\(table.table): \(Formats.count(table.count, "row"))") }
        }
        let rows = report.tables.reduce(0) { $0 + $1.count }
        let runs = report.tables.first { $0.table == "runs" }?.count ?? 0
        if !call.isQuiet {
            call.output.line(
                "copied \(Formats.count(runs, "run")) (\(Formats.count(rows, "row"))) to \(printable(report.target)); "
                    + "both are the same")
        }
        return .done
    }
}
