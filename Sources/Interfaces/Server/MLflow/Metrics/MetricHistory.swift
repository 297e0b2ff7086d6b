import Diagnostics
import Experiments
import JSON
import MicroHTTPD

extension MLflowAPI {
    /// Every point of a series, by time, step and value.
    @Sendable func getHistory(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let id = try runID(parameters)
        let key = try parameters.required("metric_key")
        let limit = try parameters.integer("max_results").map { asked -> Int in
            if asked < 1 { throw invalidValue("max_results", .integer(asked)) }
            return Int(clamping: asked)
        }
        let offset = try PageToken.offset(parameters.string("page_token"))
        // A run that is not there has no points, as with MLflow.
        let points = try byTime(store.run(id) == nil ? [] : store.series(run: id, key: key))
        let page = points.dropFirst(offset).prefix(limit ?? points.count)
        if page.isEmpty { return .emptyObject }
        var writer = JSONWriter(capacity: page.count * 90 + 100)
        writer.object { writer in
            writer.key("metrics")
            writer.array(page) { $0.metric(key, $1) }
            if page.endIndex < points.endIndex { writer.field("next_page_token", PageToken.make(page.endIndex)) }
        }
        return .json(bytes: writer.bytes)
    }

    /// Whole series of several runs, for MLflow's page.
    @Sendable func getBulkHistory(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let runs = try runList(parameters.strings("run_id"), "run_id").sorted { $0.text < $1.text }
        let key = try parameters.required("metric_key")
        var left = try PageToken.limit(parameters, default: 25_000, most: 25_000)
        var rows: [(RunID, MetricPoint)] = []
        for run in runs where left > 0 {
            let points = try byTime(store.run(run) == nil ? [] : store.series(run: run, key: key)).prefix(left)
            left -= points.count
            rows += points.map { (run, $0) }
        }
        return reply(rows, key: key)
    }

    func runList(_ texts: [String], _ name: String) throws -> [RunID] {
        if texts.isEmpty { throw missingValue(name) }
        if texts.count > 100 {
            throw MLflowError.invalid("At most 100 runs can be asked for at once, but \(texts.count) were")
        }
        return texts.map { RunID($0) }
    }

    func reply(_ rows: [(RunID, MetricPoint)], key: String) -> Reply {
        if rows.isEmpty { return .emptyObject }
        var writer = JSONWriter(capacity: rows.count * 140 + 100)
        writer.object { writer in
            writer.key("metrics")
            writer.array(rows) { writer, row in
                writer.object {
                    $0.field("key", key)
                    $0.key("value")
                    $0.number(row.1.value)
                    $0.field("timestamp", row.1.timestamp.milliseconds)
                    $0.field("step", row.1.step)
                    $0.field("run_id", row.0.text)
                }
            }
        }
        return .json(bytes: writer.bytes)
    }

    /// Most series are in this order already.
    private func byTime(_ points: [MetricPoint]) -> [MetricPoint] {
        func isBefore(_ a: MetricPoint, _ b: MetricPoint) -> Bool {
            if a.timestamp != b.timestamp { return a.timestamp < b.timestamp }
            if a.step != b.step { return a.step < b.step }
            return a.value < b.value
        }
        let isSorted = zip(points, points.dropFirst()).allSatisfy { !isBefore($1, $0) }
        return isSorted ? points : points.sorted(by: isBefore)
    }
}
