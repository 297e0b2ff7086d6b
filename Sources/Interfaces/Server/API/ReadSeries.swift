import Experiments
import MicroHTTPD

/// A metric series drawn on so many columns: the first, last, least and greatest value of each, so that no spike is
/// lost, and a million points are a few kilobytes.
extension NativeAPI {
    @Sendable func readSeries(_ request: Request) throws -> Reply {
        let run = try run(request)
        let key = request.capture("key")
        let count = try number(request, "columns", default: 1000, 1...10_000)
        let columns = try store.columns(run: run.id, key: key, steps: try steps(request), count: count)
        if columns.isEmpty, try store.record(run.id)?.metrics[key] == nil {
            throw MLflowError.missing("run \(run.name) has no metric \(key)")
        }
        return .json { writer in
            writer.object { writer in
                writer.field("run", run.id.text)
                writer.field("metric", key)
                writer.key("columns")
                writer.array(columns) { $0.column($1) }
            }
        }
    }

    private func steps(_ request: Request) throws -> ClosedRange<Int64>? {
        func bound(_ name: String, _ standard: Int64) throws -> Int64 {
            guard let text = request.queryValue(name) else { return standard }
            guard let number = Int64(text) else {
                throw QueryError(name: name, value: text, wanted: "a whole number")
            }
            return number
        }
        if request.queryValue("from") == nil, request.queryValue("to") == nil { return nil }
        let (from, to) = (try bound("from", .min), try bound("to", .max))
        if from > to { throw QueryError(name: "to", value: String(to), wanted: "at least \(from), which `from` is") }
        return from...to
    }
}

extension JSONWriter {
    fileprivate mutating func column(_ column: SeriesColumn) {
        object { writer in
            writer.field("firstStep", column.first.step)
            writer.field("lastStep", column.last.step)
            writer.field("lastAt", column.last.timestamp)
            writer.field("count", Int64(column.pointCount))
            writer.key("first")
            writer.number(column.first.value)
            writer.key("last")
            writer.number(column.last.value)
            if let minimum = column.minimum, let maximum = column.maximum {
                writer.key("min")
                writer.number(minimum)
                writer.key("max")
                writer.number(maximum)
            }
        }
    }
}
