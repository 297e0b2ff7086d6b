import Diagnostics
import Files
import JSON
import Operations
import Pipelines

/// `repro import dvc`
enum ImportDVCCommand: Command {
    private static let dryRun = OptionSpec.flag("dry-run", short: "n", help: "Only say what would be taken over")
    private static let remove = OptionSpec.flag("remove", help: "Remove each .dvc file of which all was taken over")

    static let spec = CommandSpec(
        "import dvc", "Take a DVC project over: data, cache and lock files", in: .data, options: [dryRun, remove],
        discussion: [
            "Each path that a .dvc file tracks gets a pointer file. Content comes from DVC's cache, of DVC 3 or 2, then from "
                + "remotes that are folders, then from the workspace, and is checked against its MD5. Files of 1 MiB or more "
                + "are not copied where the file system can give one content two names.",
            "What dvc.lock says of a stage goes into repro.lock if deps, params and outs are as it says: the stage need not "
                + "run. `dvc.yaml` stays the pipeline.",
            "Nothing of DVC's is changed, and both programs can be used side by side. Done again, it takes over what is "
                + "new. Only what is checked out counts, not older commits.",
        ],
        examples: [
            CommandExample("repro import dvc --dry-run", ""), CommandExample("repro import dvc && repro status", ""),
        ],
        exits: [
            CommandExit(.notFound, "Some content is nowhere; the rest was taken over"),
            CommandExit(.conflict, "Some data is in Git, or overlaps other data; the rest was taken over"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var options = ImportDVCOptions()
        options.isDryRun = call.arguments.has(dryRun)
        options.removesRecords = call.arguments.has(remove)
        let monitor = ProgressMonitor(call)
        let report: ImportDVCReport
        do {
            defer { monitor.finish() }
            report = try importDVC(options, in: call.surroundings, monitor: monitor)
        }
        if call.printsJSON {
            call.output.json(json(report, options))
        } else {
            if !call.isQuiet { describe(report, options, call) }
            call.report(report.failures)
        }
        if report.failures.isEmpty, report.items.contains(where: { $0.state == .missing }) { return .found(.notFound) }
        return call.status(of: report.failures)
    }

    private static func describe(_ report: ImportDVCReport, _ options: ImportDVCOptions, _ call: Invocation) {
        var table = Table([.init(""), .init("", shrinksTo: 20), .init("", shrinksTo: 20)])
        for item in report.items {
            let (word, style): (String, Style) =
                switch item.state {
                case .taken: options.isDryRun ? ("would take", .notice) : ("taken", .good)
                case .already: ("already", .faint)
                case .missing: ("missing", .bad)
                case .failed: ("failed", .bad)
                }
            table.add([.init(word, style), .init(item.path.description), .init(facts(item), .faint)])
        }
        call.output.table(table)
        let (current, outdated) = (report.currentStages, report.outdatedStages)
        if !current.isEmpty || !outdated.isEmpty {
            call.output.line()
            let verb = options.isDryRun ? "would be" : "are"
            call.output.line("\(Formats.count(current.count, "stage")) \(verb) up to date as DVC left them")
            if !outdated.isEmpty {
                let names = outdated.prefix(10).map(\.text).joined(separator: ", ")
                let more = outdated.count > 10 ? " and \(outdated.count - 10) more" : ""
                call.output.line("not as dvc.lock says, so `repro run` runs them: \(printable(names))\(more)")
            }
        }
        let shared = report.items.reduce(0) { $0 + $1.sharedBytes }
        let copied = report.items.reduce(0) { $0 + $1.copiedBytes }
        if shared + copied > 0 {
            call.output.line()
            call.output.line("\(Formats.bytes(shared)) shared with DVC's cache, \(Formats.bytes(copied)) copied")
        }
        if !report.left.isEmpty {
            call.output.line()
            call.output.line("left as it is:")
            for line in report.left { call.output.line("  \(printable(line))") }
        }
        let files = report.written.map(\.description)
        if !files.isEmpty, files.count <= 8 {
            call.note("for Git: git add " + files.map(shellQuoted).joined(separator: " "))
        }
    }

    private static func facts(_ item: ImportDVCReport.Item) -> String {
        var facts: [String] = []
        if item.fileCount > 1 { facts.append(Formats.count(item.fileCount, "file")) }
        if let origin = item.origin { facts.append("from \(origin)") }
        if let stage = item.stage { facts.append("out of \(stage)") }
        if item.state == .missing {
            let what = item.missing.map { $0.isRoot ? "its content" : "\($0)" } ?? "its content"
            facts.append("\(what) is neither in DVC's cache nor in the workspace")
        }
        return facts.joined(separator: ", ")
    }

    private static func json(_ report: ImportDVCReport, _ options: ImportDVCOptions) -> JSONValue {
        .object([
            "isDryRun": .bool(options.isDryRun),
            "items": .array(
                report.items.map { item in
                    .object([
                        "path": .string(item.path.description), "record": .string(item.record.description),
                        "stage": JSONValue(item.stage), "state": .string(item.state.rawValue),
                        "origin": JSONValue(item.origin), "files": JSONValue(item.fileCount),
                        "sharedBytes": .integer(Int64(clamping: item.sharedBytes)),
                        "copiedBytes": .integer(Int64(clamping: item.copiedBytes)),
                        "missing": JSONValue(item.missing?.description),
                    ])
                }),
            "currentStages": JSONValue(report.currentStages.map(\.text)),
            "outdatedStages": JSONValue(report.outdatedStages.map(\.text)),
            "written": JSONValue(report.written.map(\.description)),
            "removed": JSONValue(report.removed.map(\.description)), "left": JSONValue(report.left),
            "failures": .array(report.failures.map { JSONValue($0) }),
        ])
    }
}
