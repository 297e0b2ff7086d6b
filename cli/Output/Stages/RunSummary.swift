import Diagnostics
import Experiments
import Files
import JSON
import Operations
import Pipelines

/// What is said at the end of a run: its name, how it ended, what became of the stages, the metrics.
struct RunSummary {
    private let report: RunPipelineReport
    private let call: Invocation

    init(_ report: RunPipelineReport, _ call: Invocation) {
        self.report = report
        self.call = call
    }

    func show() {
        let output = call.output
        let run = report.run
        let (word, style) = run.status.words
        let duration = Formats.duration(milliseconds: run.durationMilliseconds(now: call.clock.now()))
        output.line()
        output.line(
            output.paint("run \(printable(run.name))", .strong) + output.paint(" (\(run.id.short)) ", .faint)
                + output.paint(word, style) + (run.status == .finished ? " in " : " after ") + "\(duration): \(counts)")
        var table = Table([.init(""), .init("", .right)])
        for metric in report.metrics { table.add([.init("  \(metric.name)"), .init(Formats.number(metric.value))]) }
        output.table(table)
    }

    /// `2 ran, 1 cached, 3 skipped`.
    private var counts: String {
        if report.records.isEmpty { return "no stages" }
        let words = report.records.map(\.words.0)
        let parts = ["ran", "cached", "skipped", "failed", "stopped", "not run"].compactMap { word -> String? in
            let count = words.count { $0 == word }
            return count == 0 ? nil : "\(count) \(word)"
        }
        return parts.joined(separator: ", ")
    }

    var json: JSONValue {
        .object([
            "run": JSONValue(report.run), "stages": .array(report.records.map { JSONValue($0) }),
            "metrics": .array(
                report.metrics.map { metric in
                    .object([
                        "name": .string(metric.name), "value": .number(metric.value),
                        "stage": .string(metric.stage.text), "file": .string(metric.file.description),
                    ])
                }),
            "warnings": .array(report.warnings.map { JSONValue($0) }),
        ])
    }
}
