import Experiments
import MicroHTTPD

extension MLflowAPI {
    /// A sample of a series for each of several runs: its rows cut into equal buckets, the first row of each, and
    /// always the very last row. This is MLflow's rule, spikes may be lost by it; our own API does not lose them.
    @Sendable func getSampledHistory(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let runs = try runList(parameters.strings("run_ids"), "run_ids")
        let key = try parameters.required("metric_key")
        let count = try PageToken.limit(parameters, default: 2500, most: 2500)
        let steps = try stepRange(parameters)
        var rows: [(RunID, MetricPoint)] = []
        for run in runs where try store.run(run) != nil {
            rows += try sample(run, key, steps, count).map { (run, $0) }
        }
        return reply(rows, key: key)
    }

    private func stepRange(_ parameters: Parameters) throws -> ClosedRange<Int64>? {
        let start = try parameters.integer("start_step")
        let end = try parameters.integer("end_step")
        guard let start, let end else {
            if start == nil, end == nil { return nil }
            throw MLflowError.invalid(
                "If either start step or end step are specified, both must be specified.")
        }
        if start > end {
            throw MLflowError.invalid(
                "end_step must be greater than start_step. Found start_step=\(start) and end_step=\(end).")
        }
        return start...end
    }

    private func sample(
        _ run: RunID, _ key: String, _ steps: ClosedRange<Int64>?, _ count: Int
    ) throws -> [MetricPoint] {
        var points = try store.series(run: run, key: key)
        if let steps { points = points.filter { steps.contains($0.step) } }
        guard let last = points.last, points.count > count else { return points }
        if count == 1 { return [last] }
        // NTILE: the first buckets are larger by one where it does not divide.
        let size = points.count / count
        let larger = points.count % count
        var sample: [MetricPoint] = []
        var start = 0
        for bucket in 0..<count {
            sample.append(points[start])
            start += bucket < larger ? size + 1 : size
        }
        sample[count - 1] = last
        return sample
    }
}
