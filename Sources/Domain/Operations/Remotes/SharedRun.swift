import Diagnostics
import Experiments
import Hashing
import JSON
import Objects

/// A run that is over, with all that it logged, as it travels from one project's database to another's through a remote.
/// docs/formats/run-record.md.
///
/// Logs and the patch of the code travel beside it, as objects.
struct SharedRun: Sendable {
    static let version: Int64 = 1

    var run: Run
    var params: [Param] = []
    var metrics: [Series] = []
    var tags: [Tag] = []
    var stages: [StageExecution] = []

    /// One metric of the run.
    struct Series: Sendable {
        var key: String
        var stage: String?
        var points: [MetricPoint]
    }

    /// The objects that it names and that are worth having with it.
    var objects: [Digest] { stages.compactMap(\.log) + [run.git?.patch].compactMap(\.self) }

    /// Reads a run; nil if it is gone.
    init?(_ id: RunID, in store: any ExperimentStore) throws {
        guard let record = try store.record(id) else { return nil }
        run = record.run
        params = record.params.sorted { $0.key < $1.key }.map { Param(key: $0.key, value: $0.value) }
        tags = record.tags.sorted { $0.key < $1.key }.map { Tag(key: $0.key, value: $0.value) }
        stages = try store.stages(run: id)
        for (key, latest) in record.metrics.sorted(by: { $0.key < $1.key }) {
            var series = Series(key: key, stage: latest.stage, points: [])
            while true {
                let page = try store.metricPoints(run: id, key: key, after: series.points.last, limit: pagePoints)
                series.points += page
                if page.count < pagePoints { break }
            }
            metrics.append(series)
        }
    }

    init(run: Run) { self.run = run }

    /// Adds the run to a database that does not have it, or not whole: it is queued until all the rest is there, so that
    /// an import that was cut off is seen and done again.
    func add(to store: any ExperimentStore) throws {
        if try store.run(run.id) == nil {
            let experiment = try store.ensureExperiment(named: run.experimentName, at: run.startedAt)
            _ = try store.createRun(
                NewRun(
                    id: run.id, experiment: experiment.id, name: run.name, status: .queued, startedAt: run.startedAt,
                    user: run.user, commandLine: run.commandLine, git: run.git))
        }
        try store.logParams(params, run: run.id)
        for series in metrics {
            for start in stride(from: 0, to: series.points.count, by: pagePoints) {
                let page = series.points[start..<min(series.points.count, start + pagePoints)]
                try store.logMetrics(
                    page.map { Metric(key: series.key, point: $0) }, run: run.id, stage: series.stage)
            }
        }
        try store.setTags(tags, run: run.id)
        try store.recordStages(stages, run: run.id)
        try store.changeRun(run.id, RunChange(status: run.status, endedAt: run.endedAt, failure: run.failure))
    }
}

private let pagePoints = 10_000
