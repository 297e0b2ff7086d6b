import Diagnostics
import Files
import JSON
import Objects
import Operations
import Workspaces

/// `repro diff`
enum DiffCommand: Command {
    private static let from = ArgumentSpec(
        "FROM", .optional, completes: .runs,
        help: "A commit, a run, `recorded` or `workspace`; `recorded` if none is named")
    private static let to = ArgumentSpec(
        "TO", .optional, completes: .runs, help: "The same; `workspace` if none is named")
    private static let path = OptionSpec.values(
        "path", .text("PATH", completes: .files), help: "Only what is at or below PATH")
    private static let check = OptionSpec.flag("check", help: "Exit with 1 if anything differs")

    static let spec = CommandSpec(
        "diff", "Show which data files differ between two moments", in: .data, arguments: [from, to],
        options: [path, check],
        discussion: [
            "`recorded` is what pointer files and repro.lock say now, `workspace` the files as they are. A run knows what "
                + "its stages read and wrote. A name that is no run's is taken as a Git commit: `HEAD`, a branch, a tag.",
            "A file that was removed here and added there with the same content is shown as renamed. Where the listing of "
                + "a folder is not in the store, the folder is shown as one change.",
        ],
        examples: [
            CommandExample("repro diff", "What `repro add` would record"),
            CommandExample("repro diff HEAD~1 HEAD", "Between two commits"),
            CommandExample("repro diff run6 workspace --path data", ""),
        ],
        exits: [
            CommandExit(.failed, "With --check: something differs"),
            CommandExit(.notFound, "There is no such run or commit"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var options = DiffDataOptions(
            from: DataRevision(call.arguments.value(of: from) ?? "recorded"),
            to: DataRevision(call.arguments.value(of: to) ?? "workspace"))
        options.paths = call.arguments.paths(of: path)
        let report = try diffData(options, in: call.surroundings)
        if call.printsJSON {
            call.output.json(json(report))
        } else if report.changes.isEmpty {
            call.note("no difference between \(report.from.label) and \(report.to.label)")
        } else {
            describe(report, call)
        }
        return call.arguments.has(check) && !report.changes.isEmpty ? .found(.failed) : .done
    }

    private static func describe(_ report: DiffDataReport, _ call: Invocation) {
        FileChangeText.show(report.changes, of: call)
        if call.isQuiet { return }
        call.output.line()
        call.output.line(FileChangeText.counts(of: report.changes))
    }

    private static func json(_ report: DiffDataReport) -> JSONValue {
        .object([
            "from": .string(report.from.label), "to": .string(report.to.label),
            "changes": FileChangeText.json(report.changes),
        ])
    }
}
