import Diagnostics
import Experiments
import HTTP
import JSON
import MicroHTTPD

/// Several runs side by side: each param, metric and stage with its value in every run, and whether they differ.
extension NativeAPI {
    @Sendable func compareRuns(_ request: Request) throws -> Reply {
        let names = request.query.filter { $0.name == "run" }.map(\.value)
        guard (2...50).contains(names.count) else {
            throw QueryError(name: "run", value: names.joined(separator: ", "), wanted: "two to fifty runs")
        }
        let records = try names.map { name in
            let run = try store.requireRun(name)
            return try store.record(run.id) ?? RunRecord(run: run)
        }
        let now = services.clock.now()
        return .json { writer in
            writer.object { writer in
                writer.key("runs")
                writer.array(records) { $0.nativeRun($1, now: now) }
                writer.rows("params", records.map { $0.params.mapValues { $0 } })
                writer.rows("metrics", records.map { $0.metrics.mapValues { .number($0.value) } })
                writer.rows("tags", records.map { $0.tags.mapValues { .string($0) } })
                writer.rows(
                    "stages",
                    records.map { record in
                        Dictionary(record.stages.map { ($0.stage, .string($0.state.rawValue)) }) { $1 }
                    })
            }
        }
    }
}

extension JSONWriter {
    /// One row a key, in each of the runs; null where a run lacks it.
    fileprivate mutating func rows(_ name: StaticString, _ values: [[String: JSONValue]]) {
        key(name)
        array(Set(values.flatMap(\.keys)).sorted()) { writer, key in
            let row = values.map { $0[key] ?? .null }
            writer.object {
                $0.field("key", key)
                $0.key("values")
                $0.array(row) { $0.value($1) }
                $0.key("differs")
                $0.bool(Set(row).count > 1)
            }
        }
    }
}
