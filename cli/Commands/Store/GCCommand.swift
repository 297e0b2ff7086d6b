import Diagnostics
import JSON
import Objects
import Operations

/// `repro gc`
enum GCCommand: Command {
    private static let branches = OptionSpec.flag(
        "all-branches", help: "Also keep what pointer files and repro.lock say on every branch")
    private static let tags = OptionSpec.flag("all-tags", help: "Also keep what they say on every tag")
    private static let runs = OptionSpec.value(
        "runs", .choice("WHICH", of: KeepingRuns.allCases.map(\.rawValue)),
        help: "Which runs keep what they read and made, and their logs; all if this is not given")
    private static let olderThan = OptionSpec.value(
        "older-than", .text("AGE"), help: "Only remove what was stored or needed longer ago: 12h, 30d, 8w")
    private static let dryRun = OptionSpec.flag("dry-run", short: "n", help: "Only say what would be removed")
    private static let forget = OptionSpec.values(
        "forget-project", .text("DIR", completes: .folders), help: "A project that used this store and is no more")

    static let spec = CommandSpec(
        "gc", "Remove objects that nothing refers to from the store", in: .store,
        options: [branches, tags, runs, olderThan, dryRun, forget],
        discussion: [
            "Kept is what the pointer files and repro.lock of the workspace say, what any run read, made or logged, also "
                + "deleted runs, and what any other project refers to that uses the same store. Older commits count only with "
                + "--all-branches or --all-tags, and then where these end.",
            "With `--runs none`, or `undeleted`, what is known of the other runs stays, and so do the artifacts that they "
                + "logged; their outs can be brought back no more, unless something else keeps them or a remote has them. A run "
                + "that is going on keeps its own.",
            "Outs that only the run cache remembers are removed: their stage runs again when they are needed.",
            "Safe while `repro run` goes on: what running processes have written or used stays. If anything cannot be "
                + "read that might refer to objects, nothing is removed.",
        ],
        examples: [
            CommandExample("repro gc --dry-run", "What is kept, and why, and what would go"),
            CommandExample("repro gc --all-branches --all-tags", ""),
            CommandExample("repro gc --runs undeleted --older-than 30d", "Forget deleted runs; keep this month's work"),
        ],
        exits: [
            CommandExit(.conflict, "Another collection is running; or a project that uses the store cannot be found"),
            CommandExit(.corrupt, "A listing is damaged; nothing was removed"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var options = CollectGarbageOptions()
        options.keepsBranches = call.arguments.has(branches)
        options.keepsTags = call.arguments.has(tags)
        if let which = call.arguments.value(of: runs).flatMap(KeepingRuns.init(rawValue:)) { options.runs = which }
        if let age = call.arguments.value(of: olderThan) {
            guard let period = Self.period(age) else {
                throw UsageError.invalidValue(
                    option: "--older-than", objection: "\(age) is no age; write 90m, 12h, 30d or 8w")
            }
            options.gracePeriod = period
        }
        options.isDryRun = call.arguments.has(dryRun)
        options.forgottenProjects = call.arguments.paths(of: forget)
        let monitor = ProgressMonitor(call)
        let report: CollectGarbageReport
        do {
            defer { monitor.finish() }
            report = try collectGarbage(options, in: call.surroundings, monitor: monitor)
        }
        if call.printsJSON {
            call.output.json(json(report, options))
        } else if !call.isQuiet {
            describe(report, options, call)
        }
        return .done
    }

    private static func period(_ text: String) -> Duration? {
        let units: [Character: Int64] = ["m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), count >= 0,
            count <= 1_000_000
        else { return nil }
        return .seconds(count * unit)
    }

    /// Reasons shown; --verbose shows all.
    private static let reasonLimit = 15

    private static func describe(_ report: CollectGarbageReport, _ options: CollectGarbageOptions, _ call: Invocation) {
        var table = Table([.init("kept for", shrinksTo: 20), .init("objects", .right), .init("on disk", .right)])
        for kept in call.isVerbose ? report.kept[...] : report.kept.prefix(reasonLimit) {
            table.add([.init(kept.reason), .init("\(kept.objectCount)"), .init(Formats.bytes(kept.storedBytes))])
        }
        if !report.kept.isEmpty {
            call.output.table(table)
            let hidden = report.kept.count - table.rows.count
            if hidden > 0 { call.output.line("and \(Formats.count(hidden, "reason")) more; --verbose shows all") }
            call.output.line()
        }
        let what = "\(Formats.count(report.removed.count, "object")), \(Formats.bytes(report.removedBytes))"
        call.output.line(options.isDryRun ? "would remove \(what)" : "removed \(what)")
    }

    private static func json(_ report: CollectGarbageReport, _ options: CollectGarbageOptions) -> JSONValue {
        .object([
            "isDryRun": .bool(options.isDryRun),
            "removedBytes": .integer(Int64(clamping: report.removedBytes)),
            "removed": JSONValue(report.removed.map(\.id.description)),
            "kept": .array(
                report.kept.map { kept in
                    .object([
                        "reason": .string(kept.reason), "objects": JSONValue(kept.objectCount),
                        "storedBytes": .integer(Int64(clamping: kept.storedBytes)),
                    ])
                }),
        ])
    }
}
