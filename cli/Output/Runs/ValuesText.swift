import Diagnostics
import JSON
import Operations

/// Params or metrics, of one place or of two side by side.
enum ValuesText {
    static func show(_ report: ShowValuesReport, _ call: Invocation) {
        if call.printsJSON {
            var values = JSONObject()
            for (name, value) in report.values { values[name] = value }
            call.output.json(.object(["revision": .string(report.revision.label), "values": .object(values)]))
        } else {
            var table = Table([.init(""), .init("")])
            for (name, value) in report.values { table.add([.init(name), .init(Formats.value(value))]) }
            call.output.table(table)
        }
        for problem in report.problems { call.warn(problem) }
    }

    static func show(_ report: DiffValuesReport, _ call: Invocation) {
        if call.printsJSON {
            call.output.json(json(report))
            return
        }
        if call.arguments.has(DiffArguments.markdown) {
            for line in markdown(report) { call.output.line(line) }
            return
        }
        if report.rows.isEmpty {
            call.note("no difference between \(report.from.label) and \(report.to.label)")
            return
        }
        let hasDeltas = report.rows.contains { $0.delta != nil }
        let columns: [Table.Column] = [
            .init("name"), .init(report.from.label, .right), .init(report.to.label, .right),
        ]
        var table = Table(columns + (hasDeltas ? [.init("change", .right)] : []))
        for row in report.rows {
            let delta = row.delta.map { Table.Cell(Formats.delta($0), $0 == 0 ? .faint : .notice) } ?? ""
            let values = [row.before, row.after].map { Table.Cell($0.map(Formats.value) ?? "–") }
            table.add([.init(row.name)] + values + (hasDeltas ? [delta] : []))
        }
        call.output.table(table)
    }

    private static func markdown(_ report: DiffValuesReport) -> [String] {
        func row(_ cells: [String]) -> String {
            "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
        }
        let heading = row(["Name", report.from.label, report.to.label, "Change"])
        return [heading, "|---|---:|---:|---:|"]
            + report.rows.map { value in
                [
                    value.name, value.before.map(Formats.value) ?? "–", value.after.map(Formats.value) ?? "–",
                    value.delta.map(Formats.delta) ?? "",
                ]
            }.map(row)
    }

    private static func json(_ report: DiffValuesReport) -> JSONValue {
        .object([
            "from": .string(report.from.label), "to": .string(report.to.label),
            "differences": .array(
                report.rows.map { row in
                    .object([
                        "name": .string(row.name), "before": row.before ?? .null, "after": row.after ?? .null,
                        "delta": JSONValue(row.delta),
                    ])
                }),
        ])
    }
}
