import Files
import JSON
import Operations
import Workspaces

/// Each file that differs, for `repro status --granular`.
enum DataChangesText {
    static func show(_ report: DataChangesReport, of call: Invocation) {
        show(report.unrecorded, "files that differ from their record", of: call)
        if let uncommitted = report.uncommitted {
            show(uncommitted, "files whose record differs from commit HEAD", of: call)
        }
        if !report.notStored.isEmpty {
            call.output.line()
            call.output.line("recorded, and not in the store (`repro fetch` may bring them):")
            for path in report.notStored { call.output.line("  \(printable(path.description))") }
        }
        call.report(report.problems)
    }

    private static func show(_ changes: [FileChange], _ title: String, of call: Invocation) {
        if changes.isEmpty { return }
        call.output.line()
        call.output.line("\(title): \(FileChangeText.counts(of: changes))")
        FileChangeText.show(changes, of: call)
    }

    static func json(_ report: DataChangesReport) -> JSONValue {
        .object([
            "unrecorded": FileChangeText.json(report.unrecorded),
            "uncommitted": report.uncommitted.map(FileChangeText.json) ?? .null,
            "notStored": JSONValue(report.notStored.map(\.description)),
            "problems": .array(report.problems.map { JSONValue($0) }),
        ])
    }
}
