import Experiments
import Hashing
import JSON
import Objects
import Operations

/// Runs side by side: one column a run, one row a thing that differs.
struct ComparisonText {
    private let report: CompareRunsReport

    init(_ report: CompareRunsReport) { self.report = report }

    func show(on output: TextStream) {
        var table = Table([.init("", shrinksTo: 20)] + report.runs.map { .init($0.name, shrinksTo: 12) })
        section("Params", report.params, in: &table) { value, _ in value.map(Formats.value) }
        section("Metrics", report.metrics, in: &table) { value, first in value.map { Self.metric($0, first: first) } }
        section("Code", report.code, in: &table) { value, _ in value.map { String($0.prefix(16)) } }
        if !report.stages.isEmpty { addTitle("Stages", to: &table) }
        for stage in report.stages { add(stage, to: &table) }
        if table.rows.isEmpty {
            output.line("no difference: params, metrics, code and the files of every stage are the same")
        } else {
            output.table(table)
        }
    }

    private func section<Value>(
        _ title: String, _ rows: [CompareRunsReport.Row<Value>], in table: inout Table,
        text: (_ value: Value?, _ first: Value?) -> String?
    ) {
        if rows.isEmpty { return }
        addTitle(title, to: &table)
        for row in rows {
            let first = row.values.first ?? nil
            let cells = row.values.enumerated().map { index, value in
                Table.Cell(text(value, index == 0 ? nil : first) ?? "–")
            }
            table.add([.init("  \(row.name)")] + cells)
        }
    }

    private func addTitle(_ title: String, to table: inout Table) {
        if !table.rows.isEmpty { table.add(Array(repeating: "", count: table.columns.count)) }
        table.add([.init(title, .strong)] + report.runs.map { _ in "" })
    }

    /// `0.2875 (+0.2703)`.
    private static func metric(_ value: Double, first: Double?) -> String {
        guard let first else { return Formats.number(value) }
        return "\(Formats.number(value)) (\(Formats.delta(value - first)))"
    }

    private func add(_ stage: StageDifference, to table: inout Table) {
        table.add(
            [.init("  \(stage.stage)")]
                + stage.states.map { state in .init(state?.words.0 ?? "–", state?.words.1 ?? .plain) })
        for (direction, files) in [("in ", stage.inputs), ("out", stage.outputs)] {
            for file in files {
                let digests = file.digests.map { Table.Cell($0.map { String($0.id.description.prefix(8)) } ?? "–") }
                table.add([.init("    \(direction) \(file.path)")] + digests)
            }
        }
        if !stage.commands.isEmpty {
            let texts = differingParts(stage.commands.map { $0.joined(separator: "; ") })
            table.add([.init("    cmd")] + texts.map { .init($0.isEmpty ? "–" : $0) })
        }
        if stage.onlyKeyDiffers {
            table.add([.init("    its params, variables or options differ", .faint)] + report.runs.map { _ in "" })
        }
    }

    var json: JSONValue {
        .object([
            "runs": .array(report.runs.map { JSONValue($0) }),
            "params": rows(report.params) { $0 ?? .null },
            "metrics": rows(report.metrics) { JSONValue($0) },
            "code": rows(report.code) { JSONValue($0) },
            "stages": .array(
                report.stages.map { stage in
                    .object([
                        "stage": .string(stage.stage),
                        "states": .array(stage.states.map { JSONValue($0?.rawValue) }),
                        "deps": .array(stage.inputs.map(file)), "outs": .array(stage.outputs.map(file)),
                        "commands": .array(stage.commands.map { JSONValue($0) }),
                        "onlyKeyDiffers": .bool(stage.onlyKeyDiffers),
                    ])
                }),
        ])
    }

    private func rows<Value>(
        _ rows: [CompareRunsReport.Row<Value>], _ json: (Value?) -> JSONValue
    ) -> JSONValue {
        .array(rows.map { .object(["name": .string($0.name), "values": .array($0.values.map(json))]) })
    }

    private func file(_ file: FileDifference) -> JSONValue {
        .object(["path": .string(file.path), "digests": .array(file.digests.map { JSONValue($0) })])
    }
}

/// The texts without the words at their beginnings and ends that all of them share.
func differingParts(_ texts: [String]) -> [String] {
    let words = texts.map { $0.split(separator: " ") }
    let shortest = words.map(\.count).min() ?? 0
    func isShared(_ word: (Int) -> Substring) -> Bool { Set(words.indices.map(word)).count == 1 }
    let start = (0..<shortest).prefix { index in isShared { words[$0][index] } }.count
    let end = (0..<shortest - start).prefix { index in isShared { words[$0][words[$0].count - 1 - index] } }.count
    return words.map { words in
        let middle = words[start..<words.count - end]
        let parts = (start > 0 ? ["…"] : []) + middle + (end > 0 ? ["…"] : [])
        return parts.joined(separator: " ")
    }
}
