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
        "path", .text("PATH", completes: .files), help: "Only what is at or below PATH; may be given several times")
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
        options.paths = call.arguments.values(of: path).map { Array($0.utf8) }
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
        var table = Table([.init(""), .init("", shrinksTo: 20), .init("", .right), .init("", .right)])
        var counts: [String: Int] = [:]
        for change in report.changes {
            let (word, style) = change.kind.words
            counts[word, default: 0] += 1
            table.add([
                .init(word, style), .init(name(of: change)), .init(size(change.before), .faint),
                .init(change.before == change.after ? "" : size(change.after)),
            ])
        }
        call.output.table(table)
        if call.isQuiet { return }
        let words = ["added", "removed", "changed", "renamed"].filter { counts[$0] != nil }
        call.output.line()
        call.output.line(words.map { "\(counts[$0] ?? 0) \($0)" }.joined(separator: ", "))
    }

    private static func name(of change: FileChange) -> String {
        if case .renamed(let source) = change.kind { return "\(source) → \(change.path)" }
        return change.path.description
    }

    private static func size(_ digest: Digest?) -> String { digest.map { Formats.bytes($0.sizeBytes) } ?? "" }

    private static func json(_ report: DiffDataReport) -> JSONValue {
        .object([
            "from": .string(report.from.label), "to": .string(report.to.label),
            "changes": .array(
                report.changes.map { change in
                    var source: String?
                    if case .renamed(let path) = change.kind { source = path.description }
                    return .object([
                        "path": .string(change.path.description), "change": .string(change.kind.words.word),
                        "renamedFrom": JSONValue(source), "before": JSONValue(change.before),
                        "after": JSONValue(change.after),
                    ])
                }),
        ])
    }
}

extension FileChange.Kind {
    fileprivate var words: (word: String, style: Style) {
        switch self {
        case .added: ("added", .good)
        case .removed: ("removed", .bad)
        case .modified: ("changed", .warning)
        case .renamed: ("renamed", .notice)
        }
    }
}
