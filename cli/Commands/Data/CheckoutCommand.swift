import Diagnostics
import Files
import JSON
import Operations
import Workspaces

/// `repro checkout`
enum CheckoutCommand: Command {
    private static let paths = ArgumentSpec(
        "PATH", .any, completes: .files,
        help: "Tracked data, a part of a tracked folder, or an out; all if none is named")
    private static let force = OptionSpec.flag("force", short: "f", help: "Also overwrite files that are saved nowhere")
    private static let relink = OptionSpec.flag(
        "relink", help: "Make files anew that are right already, by the links that the settings ask for now")
    private static let dryRun = OptionSpec.flag("dry-run", short: "n", help: "Only say what would be done")

    static let spec = CommandSpec(
        "checkout", "Make data and outs what their records say, from the store", in: .data, arguments: [paths],
        options: [force, relink, dryRun],
        discussion: [
            "The records are the pointer files (`repro add`) and repro.lock (`repro run`), as they are now: after "
                + "`git checkout` of another commit, this brings its data. Files that are right are left alone.",
            "A path that cannot be made does not stop the others. Nothing at a path is touched if that would lose a file "
                + "whose content is not in the store.",
        ],
        examples: [
            CommandExample("repro checkout", "Everything"),
            CommandExample("repro checkout --relink", "After a change of store.links in .repro/config.yaml"),
            CommandExample("repro checkout data/raw/train", "A part of the tracked folder data/raw"),
        ],
        exits: [
            CommandExit(.notFound, "A path is not recorded, or its content is not in the store"),
            CommandExit(.conflict, "Unsaved files would be lost; they were left alone"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var options = CheckoutDataOptions()
        options.paths = call.arguments.paths(of: paths)
        options.isForced = call.arguments.has(force)
        options.relinks = call.arguments.has(relink)
        options.isDryRun = call.arguments.has(dryRun)
        let monitor = ProgressMonitor(call)
        let report: CheckoutDataReport
        do {
            defer { monitor.finish() }
            report = try checkoutData(options, in: call.surroundings, monitor: monitor)
        }
        if call.printsJSON {
            call.output.json(json(report, options))
        } else {
            if !call.isQuiet {
                describe(report, options, call.output)
                if let text = LinkText.line(asked: report.askedLinks, made: report.links) { call.output.line(text) }
            }
            call.report(report.failures)
        }
        return call.status(of: report.failures)
    }

    private static func describe(_ report: CheckoutDataReport, _ options: CheckoutDataOptions, _ output: TextStream) {
        var table = Table([.init(""), .init("", shrinksTo: 20), .init("")])
        var unchanged = 0
        for item in report.items {
            if item.made + item.removed + item.unsaved.count == 0 {
                unchanged += 1
                continue
            }
            var facts: [String] = []
            if item.made > 0 { facts.append("\(Formats.count(item.made, "file")) made") }
            if item.removed > 0 { facts.append("\(item.removed) removed") }
            if item.unchanged > 0 { facts.append("\(item.unchanged) as they were") }
            if !item.unsaved.isEmpty {
                facts.append("\(item.unsaved.count) unsaved would be lost, as \(item.unsaved[0])")
            }
            let (word, style): (String, Style) =
                !options.isDryRun
                ? ("done", .good)
                : item.unsaved.isEmpty || options.isForced ? ("would do", .notice) : ("would refuse", .warning)
            table.add([
                .init(word, style), .init(item.path.description), .init(facts.joined(separator: ", "), .faint),
            ])
        }
        output.table(table)
        if unchanged > 0 || (report.items.isEmpty && report.failures.isEmpty) {
            output.line("\(Formats.count(unchanged, "path")) as recorded already")
        }
    }

    private static func json(_ report: CheckoutDataReport, _ options: CheckoutDataOptions) -> JSONValue {
        .object([
            "isDryRun": .bool(options.isDryRun),
            "paths": .array(
                report.items.map { item in
                    .object([
                        "path": .string(item.path.description), "made": JSONValue(item.made),
                        "removed": JSONValue(item.removed), "unchanged": JSONValue(item.unchanged),
                        "unsaved": JSONValue(item.unsaved.map(\.description)),
                    ])
                }),
            "links": .object([
                "reflink": JSONValue(report.links.counts[.reflink] ?? 0),
                "hardlink": JSONValue(report.links.counts[.hardlink] ?? 0),
                "symlink": JSONValue(report.links.counts[.symlink] ?? 0),
                "copy": JSONValue(report.links.counts[.copy] ?? 0),
            ]),
            "failures": .array(report.failures.map { JSONValue($0) }),
        ])
    }
}
