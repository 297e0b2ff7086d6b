/// Whole series of metric points.
extension SQLiteExperimentStore: MetricSeriesStore {
    package func series(run: RunID, key: String) throws -> [MetricPoint] {
        try metricPoints(run: run, key: key, after: nil, limit: .max)
    }
}
