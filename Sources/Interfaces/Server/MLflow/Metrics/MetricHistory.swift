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
        if try store.run(id) == nil { return .emptyObject }
        let parts = try store.seriesParts(run: id, key: key, steps: nil)
        if try parts.pointCount() > HistorySource.fewPoints, try parts.isByTime() {
            return try HistorySource.reply(key, parts, offset: offset, limit: limit)
        }
        let points = try byTime(store.series(run: id, key: key))
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
        let call = "GetMetricHistoryBulk request"
        let ids = try parameters.strings("run_id")
        if ids.isEmpty { throw MLflowError.invalid("\(call) must specify at least one run_id.") }
        if ids.count > Self.mostRuns {
            throw MLflowError.invalid(
                "\(call) cannot specify more than \(Self.mostRuns) run_ids. Received \(ids.count) run_ids.")
        }
        let runs = ids.sorted().map { RunID($0) }
        guard let key = try parameters.string("metric_key"), !key.isEmpty else {
            throw MLflowError.invalid("\(call) must specify a metric_key.")
        }
        var left = try PageToken.limit(parameters, default: 25_000, most: 25_000)
        var rows: [(RunID, MetricPoint)] = []
        for run in runs where left > 0 {
            let points = try byTime(store.run(run) == nil ? [] : store.series(run: run, key: key)).prefix(left)
            left -= points.count
            rows += points.map { (run, $0) }
        }
        return reply(rows, key: key)
    }

    /// Of which histories can be asked for at once.
    static let mostRuns = 100

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
