import Diagnostics
import Experiments
import Files
import JSON
import Objects
import Operations
import Pipelines

/// `repro restore`
enum RestoreCommand: Command {
    private static let run = ArgumentSpec("RUN", completes: .runs, help: "The name or id of a run, or `last`")
    private static let force = OptionSpec.flag(
        "force", short: "f", help: "Also overwrite params and files that are saved nowhere")

    static let spec = CommandSpec(
        "restore", "Bring the params and outs of a run back into the workspace", in: .runs, arguments: [run],
        options: [force],
        discussion: [
            "Everything is checked first: nothing is changed if an object is missing or if work would be lost that is "
                + "saved nowhere. The code is not touched; `repro show` names its commit."
        ],
        examples: [CommandExample("repro restore run6", "")],
        exits: [
            CommandExit(.notFound, "There is no such run"),
            CommandExit(.conflict, "Unsaved work would be lost; nothing was changed"),
            CommandExit(.corrupt, "An object is missing or damaged; nothing was changed"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var options = RestoreRunOptions(run: call.arguments.value(of: run) ?? "")
        options.isForced = call.arguments.has(force)
        let report = try restoreRun(options, in: call.surroundings)
        if call.printsJSON {
            call.output.json(json(report))
        } else if !call.isQuiet {
            describe(report, call.output)
        }
        return .done
    }

    private static func describe(_ report: RestoreRunReport, _ output: TextStream) {
        let run = report.run
        output.line("restored " + output.paint(printable(run.name), .strong) + " (\(run.id.short))")
        var table = Table([.init(""), .init(""), .init("")])
        for param in report.params {
            table.add([
                .init("  param", .faint), .init(param.name),
                .init("\(Formats.value(param.before)) → \(Formats.value(param.after))"),
            ])
        }
        for out in report.outputs {
            table.add([
                .init("  out", .faint), .init(out.path.description), .init(Formats.bytes(out.fingerprint.contentBytes)),
            ])
        }
        for path in report.notKept {
            table.add([.init("  out", .faint), .init(path.description), .init("not kept by the run", .warning)])
        }
        output.table(table)
        output.line("\(Formats.count(report.upToDate.count, "stage")) up to date; `repro status` shows the rest")
    }

    private static func json(_ report: RestoreRunReport) -> JSONValue {
        .object([
            "run": JSONValue(report.run),
            "params": .array(
                report.params.map { param in
                    .object(["name": .string(param.name), "before": param.before, "after": param.after])
                }),
            "outs": .array(report.outputs.map { JSONValue($0) }),
            "notKept": JSONValue(report.notKept.map(\.description)),
            "upToDate": JSONValue(report.upToDate.map(\.text)),
        ])
    }
}
