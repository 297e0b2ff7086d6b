import Diagnostics
import Experiments
import JSON
import Operations

/// `repro runs purge`
enum RunsPurgeCommand: Command {
    private static let runs = ArgumentSpec("RUN", .any, help: "Runs that are in the bin, by name or id; without, all")
    private static let dryRun = OptionSpec.flag("dry-run", short: "n", help: "Only say what would be removed")

    static let spec = CommandSpec(
        "runs purge", "Remove runs that are in the bin for good", in: .runs, arguments: [runs],
        options: [dryRun, ServerArgument.server],
        discussion: [
            "Says how much of the store only they need, which `repro gc` then frees, and how much something else needs, "
                + "too: other runs, tracked data, models' files. A run stays while a published version of a model is made of "
                + "its files. On a server with tokens it takes the role admin."
        ],
        examples: [
            CommandExample("repro runs delete run7 && repro runs purge run7", ""),
            CommandExample("repro runs purge --dry-run", "What the bin holds"),
        ],
        exits: [
            CommandExit(.notFound, "There is no such run in the bin"),
            CommandExit(.conflict, "A version of a model is made of files of a run that was named"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let isDryRun = call.arguments.has(dryRun)
        let monitor = ProgressMonitor(call)
        let report: PurgeRunsReport
        do {
            defer { monitor.finish() }
            report = try purgeRuns(
                call.arguments.values(of: runs), isDryRun: isDryRun, in: call.surroundingsWithServer, monitor: monitor)
        }
        if call.printsJSON {
            call.output.json(
                .object([
                    "runs": .array(report.runs.map { JSONValue($0) }),
                    "published": .array(report.published.map { JSONValue($0) }),
                    "freedObjects": JSONValue(report.freedObjects),
                    "freedBytes": .integer(Int64(clamping: report.freedBytes)),
                    "sharedObjects": JSONValue(report.sharedObjects),
                    "sharedBytes": .integer(Int64(clamping: report.sharedBytes)),
                ]))
            return .done
        }
        if call.isQuiet { return .done }
        if !report.published.isEmpty {
            call.note("\(names(report.published)) stay: published models are made of their files")
        }
        if report.runs.isEmpty {
            call.output.line(report.published.isEmpty ? "the bin is empty" : "nothing to remove")
            return .done
        }
        call.output.line("\(isDryRun ? "would remove" : "removed") \(names(report.runs))")
        call.output.line(
            "only they need \(Formats.count(report.freedObjects, "object")), \(Formats.bytes(report.freedBytes)), which "
                + "`repro gc` frees; others need \(Formats.count(report.sharedObjects, "object")), "
                + "\(Formats.bytes(report.sharedBytes)), too")
        return .done
    }

    private static func names(_ runs: [Run]) -> String { runs.map { printable($0.name) }.joined(separator: ", ") }
}
