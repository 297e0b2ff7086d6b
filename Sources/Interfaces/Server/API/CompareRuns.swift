import Diagnostics
import Experiments
import HTTP
import JSON
import MicroHTTPD
import Objects
import Operations

/// Several runs side by side: each param, metric and tag with its value in every run, the code, and the stages that
/// differ, down to the file. The first run is what the others are held against.
extension NativeAPI {
    @Sendable func compareRuns(_ request: Request) throws -> Reply {
        let runs = try comparedRuns(request, 2...50)
        let records = try runs.map { try store.record($0.id) ?? RunRecord(run: $0) }
        let report = try Operations.compareRuns(
            runs, experiments: store, objects: services.objects, includesEqual: true)
        let now = services.clock.now()
        return .json { writer in
            writer.object { writer in
                writer.key("runs")
                writer.array(records) { $0.nativeRun($1, now: now) }
                writer.rows("params", records.map { $0.params.mapValues { $0 } })
                writer.rows("metrics", records.map { $0.metrics.mapValues { .number($0.value) } })
                writer.rows("tags", records.map { $0.tags.mapValues { .string($0) } })
                writer.rows("code", report.code)
                writer.rows("stages", records.map(states))
                writer.key("stageDifferences")
                writer.array(report.stages) { $0.stageDifference($1) }
            }
        }
    }

    /// Where two runs first part: up from a metric, through the stages, to the file and the lines of it.
    @Sendable func findDivergence(_ request: Request) throws -> Reply {
        let runs = try comparedRuns(request, 2...2)
        let found = try Operations.findDivergence(
            of: runs[1], from: runs[0], metric: request.queryValue("metric"), experiments: store,
            objects: services.objects)
        return .json { writer in
            writer.object { writer in
                writer.key("divergence")
                if let found { writer.divergence(found) } else { writer.null() }
            }
        }
    }

    private func comparedRuns(_ request: Request, _ count: ClosedRange<Int>) throws -> [Run] {
        let names = request.query.filter { $0.name == "run" }.map(\.value)
        guard count.contains(names.count) else {
            let wanted = count.count == 1 ? "two runs" : "\(count.lowerBound) to \(count.upperBound) runs"
            throw QueryError(name: "run", value: names.joined(separator: ", "), wanted: wanted)
        }
        return try names.map { try store.requireRun($0) }
    }

    private func states(_ record: RunRecord) -> [String: JSONValue] {
        Dictionary(record.stages.map { ($0.stage, .string($0.state.rawValue)) }) { $1 }
    }
}

extension JSONWriter {
    /// One row a key, in each of the runs; null where a run lacks it.
    fileprivate mutating func rows(_ name: StaticString, _ values: [[String: JSONValue]]) {
        key(name)
        array(Set(values.flatMap(\.keys)).sorted()) { writer, key in
            writer.row(key, values.map { $0[key] ?? .null })
        }
    }

    fileprivate mutating func rows(_ name: StaticString, _ rows: [CompareRunsReport.Row<String>]) {
        key(name)
        array(rows) { writer, row in
            writer.row(row.name, row.values.map { value in value.map { .string($0) } ?? .null })
        }
    }

    private mutating func row(_ key: String, _ values: [JSONValue]) {
        object {
            $0.field("key", key)
            $0.key("values")
            $0.array(values) { $0.value($1) }
            $0.key("differs")
            $0.bool(Set(values).count > 1)
        }
    }

    fileprivate mutating func stageDifference(_ stage: StageDifference) {
        object { writer in
            writer.field("stage", stage.stage)
            writer.key("states")
            writer.array(stage.states) { writer, state in
                if let state { writer.string(state.rawValue) } else { writer.null() }
            }
            writer.differences("inputs", stage.inputs)
            writer.differences("outputs", stage.outputs)
            writer.key("commands")
            writer.array(stage.commands) { writer, commands in writer.array(commands) { $0.string($1) } }
            writer.key("onlySettingsDiffer")
            writer.bool(stage.onlyKeyDiffers)
        }
    }

    private mutating func differences(_ name: StaticString, _ files: [FileDifference]) {
        key(name)
        array(files) { writer, file in
            writer.object { writer in
                writer.field("path", file.path)
                writer.key("contents")
                writer.array(file.digests) { $0.content($1) }
            }
        }
    }

    private mutating func content(_ digest: Digest?) {
        guard let digest else { return null() }
        object {
            $0.field("object", digest.id.description)
            $0.field("sizeBytes", Int64(clamping: digest.sizeBytes))
        }
    }

    fileprivate mutating func divergence(_ found: RunDivergence) {
        object { writer in
            writer.field("cause", found.cause.name)
            writer.field("stage", found.stage)
            writer.field("course", found.course)
            writer.key("params")
            writer.array(found.params) { writer, row in
                writer.row(row.name, row.values.map { $0 ?? .null })
            }
            writer.key("files")
            writer.array(found.files) { $0.file($1) }
        }
    }

    private mutating func file(_ file: RunDivergence.File) {
        object { writer in
            writer.field("path", file.path)
            writer.key("contents")
            writer.array([file.before, file.after]) { $0.content($1) }
            guard let difference = file.difference else { return }
            writer.key("isText")
            writer.bool(difference.isText)
            writer.numbers("bytesBefore", [difference.bytesBefore.lowerBound, difference.bytesBefore.upperBound])
            writer.numbers("bytesAfter", [difference.bytesAfter.lowerBound, difference.bytesAfter.upperBound])
            if let rows = difference.rowsBefore { writer.numbers("rowsBefore", [rows.lowerBound, rows.upperBound]) }
            if let rows = difference.rowsAfter { writer.numbers("rowsAfter", [rows.lowerBound, rows.upperBound]) }
            writer.field("lineBefore", difference.lineBefore)
            writer.field("lineAfter", difference.lineAfter)
        }
    }

    private mutating func numbers(_ name: StaticString, _ numbers: [Int]) {
        key(name)
        array(numbers) { $0.integer(Int64($1)) }
    }
}

extension RunDivergence.Cause {
    fileprivate var name: String {
        switch self {
        case .files: "files"
        case .settings: "settings"
        case .commands: "commands"
        case .outputs: "outputs"
        case .code: "code"
        }
    }
}
