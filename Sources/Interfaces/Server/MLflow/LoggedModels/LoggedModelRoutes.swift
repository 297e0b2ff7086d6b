import Diagnostics
import Experiments
import HTTP
import MicroHTTPD

extension MLflowAPI {
    var loggedModelRoutes: [Route] {
        let base = "mlflow/logged-models"
        return [
            Self.both(.post, base, .write, .event, createLoggedModel),
            Self.both(.post, base + "/search", .read, .worker, searchLoggedModels),
            Self.both(.get, base + "/{model_id}", .read, .event, getLoggedModel),
            Self.both(.patch, base + "/{model_id}", .write, .event, finishLoggedModel),
            Self.both(.delete, base + "/{model_id}", .write, .event, deleteLoggedModel),
            Self.both(.patch, base + "/{model_id}/tags", .write, .event, setLoggedModelTags),
            Self.both(.delete, base + "/{model_id}/tags/{key...}", .write, .event, deleteLoggedModelTag),
            Self.both(.post, base + "/{model_id}/params", .write, .event, logLoggedModelParams),
            Self.both(.get, base + "/{model_id}/artifacts/directories", .read, .worker, listLoggedModelArtifacts),
            [
                Self.one(
                    .get, "/ajax-api/2.0/mlflow/logged-models/{model_id}/artifacts/files", .needs(.read), .worker,
                    downloadLoggedModelArtifact)
            ],
        ].flatMap(\.self)
    }

    /// Deleted ones are not found.
    func loggedModel(_ id: String) throws -> LoggedModel {
        guard let model = try store.loggedModel(id), model.deletedAt == nil else { throw noSuchLoggedModel(id) }
        return model
    }

    func noSuchLoggedModel(_ id: String) -> MLflowError { .missing("Logged model with ID '\(id)' not found.") }

    func onModel<Result>(_ id: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch ModelError.noSuchLoggedModel {
            throw noSuchLoggedModel(id)
        }
    }

    func location(of model: LoggedModel) throws -> ArtifactLocation {
        try ArtifactLocation(of: experiment(model.experiment)).model(model.id)
    }

    func reply(_ model: LoggedModel) throws -> Reply {
        let location = try location(of: model)
        return .json { writer in
            writer.object {
                $0.key("model")
                $0.loggedModel(model, location)
            }
        }
    }
}

extension LoggedModelStatus {
    static let names: [Int64: String] = [
        0: "LOGGED_MODEL_STATUS_UNSPECIFIED", 1: "LOGGED_MODEL_PENDING", 2: "LOGGED_MODEL_READY",
        3: "LOGGED_MODEL_UPLOAD_FAILED",
    ]

    var mlflowName: String {
        switch self {
        case .pending: "LOGGED_MODEL_PENDING"
        case .ready: "LOGGED_MODEL_READY"
        case .failed: "LOGGED_MODEL_UPLOAD_FAILED"
        }
    }

    init?(mlflowName name: String) {
        guard let status = Self.allCases.first(where: { $0.mlflowName == name }) else { return nil }
        self = status
    }
}

extension JSONWriter {
    mutating func loggedModel(_ model: LoggedModel, _ location: ArtifactLocation) {
        object { writer in
            writer.key("info")
            writer.object {
                $0.field("model_id", model.id)
                $0.field("experiment_id", model.experiment.description)
                $0.field("name", model.name)
                $0.field("creation_timestamp_ms", model.createdAt.milliseconds)
                $0.field("last_updated_timestamp_ms", model.updatedAt.milliseconds)
                $0.field("artifact_uri", location.text)
                $0.field("status", model.status.mlflowName)
                $0.field("model_type", model.type)
                $0.field("source_run_id", model.sourceRun?.text)
                $0.tags(model.tags)
            }
            writer.key("data")
            writer.object {
                $0.tags(model.params, key: "params")
                $0.modelMetrics(model)
            }
        }
    }

    private mutating func modelMetrics(_ model: LoggedModel) {
        if model.metrics.isEmpty { return }
        key("metrics")
        array(model.metrics) { writer, metric in
            writer.object {
                $0.field("key", metric.key)
                $0.key("value")
                $0.number(metric.point.value)
                $0.field("timestamp", metric.point.timestamp.milliseconds)
                $0.field("step", metric.point.step)
                $0.field("model_id", model.id)
                $0.field("run_id", metric.run?.text)
                $0.field("dataset_name", metric.datasetName)
                $0.field("dataset_digest", metric.datasetDigest)
            }
        }
    }
}
