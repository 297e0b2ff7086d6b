import HTTP
import MicroHTTPD

/// What went into runs and came out of them.
extension MLflowAPI {
    var lineageRoutes: [Route] {
        [
            Self.both(.post, "mlflow/runs/log-inputs", .write, .event, logInputs),
            Self.both(.post, "mlflow/runs/outputs", .write, .event, logOutputs),
            Self.both(.post, "mlflow/runs/log-model", .write, .event, logModelRecord),
            [
                Self.one(
                    .post, "/ajax-api/2.0/mlflow/experiments/search-datasets", .needs(.read), .worker, searchDatasets)
            ],
        ].flatMap(\.self)
    }
}
