import Diagnostics
import Experiments

/// A metric as a request brings it: for the run, and perhaps for a model that was measured on a dataset.
struct LoggedMetric {
    var metric: Metric
    var model: String?
    var datasetName: String?
    var datasetDigest: String?

    init(_ metric: Metric) { self.metric = metric }

    /// The careful way; `prefix` is where it stands: empty, or `metrics[3].`.
    init(_ parameters: Parameters, prefix: String) throws {
        func named<Value>(_ name: String, _ value: Value?) throws -> Value {
            guard let value else { throw missingValue(prefix + name) }
            return value
        }
        let key = try named("key", try parameters.string("key"))
        let value = try named("value", try parameters.number("value"))
        let timestamp = try named("timestamp", try parameters.integer("timestamp"))
        metric = Metric(
            key: key, value: value, step: try parameters.integer("step") ?? 0,
            timestamp: Timestamp(milliseconds: timestamp))
        model = try parameters.string("model_id").flatMap { $0.isEmpty ? nil : $0 }
        datasetName = try parameters.string("dataset_name").flatMap { $0.isEmpty ? nil : $0 }
        datasetDigest = try parameters.string("dataset_digest").flatMap { $0.isEmpty ? nil : $0 }
    }

    func check(place: @autoclosure () -> String) throws {
        try KeyRules.checkKey(metric.key, place: place(), what: "Metric name")
        if metric.point.timestamp.milliseconds < 0 {
            throw MLflowError.invalid(
                "Got invalid timestamp \(metric.point.timestamp.milliseconds) for metric '\(metric.key)'. "
                    + "Timestamp must be a nonnegative long (64-bit integer)")
        }
    }

    func modelMetric(run: RunID) -> ModelMetric {
        ModelMetric(
            key: metric.key, point: metric.point, run: run, datasetName: datasetName, datasetDigest: datasetDigest)
    }
}

extension MLflowAPI {
    /// Metrics of models, after those of the run were kept: a retry finds both as they are.
    func logToModels(_ metrics: [LoggedMetric], run: RunID) throws {
        for (model, measured) in Dictionary(grouping: metrics.filter { $0.model != nil }, by: { $0.model ?? "" }) {
            try onModel(model) {
                try store.logMetrics(measured.map { $0.modelMetric(run: run) }, loggedModel: model)
            }
        }
    }
}
