import Files
import JSON
import Objects
import Operations

/// How tracked data stands, for `repro status`.
enum DataStatusText {
    static func show(_ report: DataStatusReport, of call: Invocation) {
        let shown = call.isQuiet ? report.items.filter { $0.state != .same } : report.items
        if !shown.isEmpty {
            var table = Table([.init(""), .init("", shrinksTo: 20), .init("")])
            for item in shown {
                let style: Style = item.state == .same ? .faint : item.state == .failed ? .bad : .warning
                table.add([.init(item.state.rawValue, style), .init(item.path.description), .init(facts(item), .faint)])
            }
            call.output.table(table)
            call.output.line()
        }
        call.report(report.problems)
        if call.isQuiet { return }
        if report.isUpToDate {
            call.output.line("tracked data is as recorded")
            return
        }
        let changed = report.items.count { $0.state == .changed && !$0.isTrackedByDVC }
        let changedOfDVC = report.items.count { $0.state == .changed && $0.isTrackedByDVC }
        let missing = report.items.count { $0.state == .missing }
        var parts: [String] = []
        if changed > 0 { parts.append("\(changed) changed: `repro add` records that, `repro diff` shows it") }
        if changedOfDVC > 0 {
            parts.append("\(changedOfDVC) of DVC's changed: `dvc add` records that, and so does `repro add`, for Repro")
        }
        if missing > 0 { parts.append("\(missing) missing: `repro checkout` makes them") }
        if !parts.isEmpty { call.output.line(parts.joined(separator: "; ")) }
    }

    private static func facts(_ item: DataStatusReport.Item) -> String {
        let counts = [
            (item.added, "added"), (item.removed, "removed"), (item.modified, "changed"), (item.renamed, "renamed"),
        ]
        let words = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        guard let recorded = item.recorded else { return "tracked by DVC" }
        return words.isEmpty ? DataText.kind(of: recorded) : words.joined(separator: ", ")
    }

    static func json(_ report: DataStatusReport) -> JSONValue {
        .object([
            "items": .array(
                report.items.map { item in
                    .object([
                        "path": .string(item.path.description), "state": .string(item.state.rawValue),
                        "recorded": JSONValue(item.recorded),
                        "trackedBy": .string(item.isTrackedByDVC ? "dvc" : "repro"), "present": JSONValue(item.present),
                        "added": JSONValue(item.added), "removed": JSONValue(item.removed),
                        "changed": JSONValue(item.modified), "renamed": JSONValue(item.renamed),
                    ])
                }),
            "problems": .array(report.problems.map { JSONValue($0) }),
        ])
    }
}
