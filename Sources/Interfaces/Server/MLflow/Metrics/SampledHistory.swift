import Experiments
import MicroHTTPD

extension MLflowAPI {
    /// A sample of a series for each of several runs: its rows cut into equal buckets, the first row of each, and
    /// always the very last row. This is MLflow's rule, spikes may be lost by it; our own API does not lose them.
    @Sendable func getSampledHistory(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let ids = try parameters.strings("run_ids")
        if ids.isEmpty { throw missingValue("run_ids") }
        if ids.count > Self.mostRuns {
            throw MLflowError.invalid(
                "GetMetricHistoryBulkInterval request must specify at most \(Self.mostRuns) run_ids. "
                    + "Received \(ids.count) run_ids.")
        }
        let runs = ids.map { RunID($0) }
        let key = try parameters.required("metric_key")
        let count = try parameters.integer("max_results") ?? Self.mostSampled
        guard (1...Self.mostSampled).contains(count) else {
            throw MLflowError.invalid("max_results must be between 1 and \(Self.mostSampled).")
        }
        let steps = try stepRange(parameters)
        var rows: [(RunID, MetricPoint)] = []
        for run in runs where try store.run(run) != nil {
            rows += try sample(run, key, steps, Int(count)).map { (run, $0) }
        }
        return reply(rows, key: key)
    }

    private static let mostSampled: Int64 = 2500

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
        let parts = try store.seriesParts(run: run, key: key, steps: steps)
        var total = 0
        if let steps {
            try parts.forEach { part in for step in part.steps where steps.contains(step) { total += 1 } }
        } else {
            total = try parts.pointCount()
        }
        var ranks = SampleRanks(of: total, count: count)
        var sample: [MetricPoint] = []
        var rank = 0
        try parts.forEach { part in
            for index in 0..<part.count where steps?.contains(part.steps[index]) ?? true {
                if ranks.takes(rank) { sample.append(part[index]) }
                rank += 1
            }
        }
        return sample
    }
}

/// Which of so many rows are in a sample, asked in their order.
private struct SampleRanks {
    private let total: Int
    private let count: Int
    private var bucket = 0
    private var next = 0

    init(of total: Int, count: Int) {
        self.total = total
        self.count = count
        if count == 1 { next = total - 1 }
    }

    mutating func takes(_ rank: Int) -> Bool {
        if total <= count || rank == total - 1 { return true }
        guard rank == next else { return false }
        // NTILE: the first buckets are larger by one where it does not divide. The last row stands for the last bucket.
        next += bucket < total % count ? total / count + 1 : total / count
        bucket += 1
        if bucket == count - 1 { next = total - 1 }
        return true
    }
}
