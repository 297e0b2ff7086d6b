/// Whole series of metric points. Contracts as in `ExperimentStore`.
package protocol MetricSeriesStore: Sendable {
    /// Every point, by step, then time, then value; none if the run never logged the key.
    func series(run: RunID, key: String) throws -> [MetricPoint]
}
