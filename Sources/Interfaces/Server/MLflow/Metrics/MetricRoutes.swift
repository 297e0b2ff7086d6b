import HTTP
import MicroHTTPD

/// Metric points in and out.
extension MLflowAPI {
    var metricRoutes: [Route] {
        [
            Self.both(.post, "mlflow/runs/log-metric", .write, .event, logMetric),
            Self.both(.post, "mlflow/runs/log-batch", .write, .event, logBatch),
            Self.both(.get, "mlflow/metrics/get-history", .read, .worker, getHistory),
            Self.both(.get, "mlflow/metrics/get-history-bulk-interval", .read, .worker, getSampledHistory),
            [
                Self.one(
                    .get, "/ajax-api/2.0/mlflow/metrics/get-history-bulk", .needs(.read), .worker, getBulkHistory)
            ],
        ].flatMap(\.self)
    }
}
