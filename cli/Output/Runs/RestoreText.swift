import Diagnostics
import Experiments
import Files
import JSON
import Objects
import Operations
import Pipelines

/// What came back into the workspace, for `repro restore` and `repro apply`.
enum RestoreText {
    static func show(_ report: RestoreRunReport, _ output: TextStream) {
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

    static func json(_ report: RestoreRunReport) -> JSONValue {
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
