/// Whole series of metric points. Contracts as in `ExperimentStore`.
package protocol MetricSeriesStore: Sendable {
    /// Every point, by step, then time, then value; none if the run never logged the key.
    func series(run: RunID, key: String) throws -> [MetricPoint]
    /// At least the points whose steps lie in `steps`, and one more on each side if there is one; nil: all.
    func seriesParts(run: RunID, key: String, steps: ClosedRange<Int64>?) throws -> SeriesParts
    /// Nil if the run never logged the key. Of values it may be too wide, never too narrow.
    func seriesBounds(run: RunID, key: String) throws -> SeriesBounds?
    /// As `logMetrics`, for many points at once. `stage`: the one that made them, if one did.
    func appendSeries(_ series: [LoggedSeries], run: RunID, stage: String?) throws
}

extension MetricSeriesStore {
    package func seriesParts(run: RunID, key: String, steps: ClosedRange<Int64>?) throws -> SeriesParts {
        SeriesParts(points: try series(run: run, key: key))
    }

    package func seriesBounds(run: RunID, key: String) throws -> SeriesBounds? {
        SeriesBounds(try series(run: run, key: key))
    }
}

extension MetricSeriesStore where Self: ExperimentStore {
    package func appendSeries(_ series: [LoggedSeries], run: RunID, stage: String?) throws {
        let metrics = series.flatMap { series in series.points.map { Metric(key: series.key, point: $0) } }
        try logMetrics(metrics, run: run, stage: stage)
    }
}

extension MetricSeriesStore {
    /// A series drawn on `count` columns of equal width in steps: exact, so that no spike is lost at any zoom.
    /// Columns without a point are left out. `steps` nil: all of the series.
    package func columns(
        run: RunID, key: String, steps: ClosedRange<Int64>?, count: Int
    ) throws -> [SeriesColumn] {
        SeriesColumn.columns(of: try series(run: run, key: key), steps: steps, count: count)
    }
}

/// What one column of a drawing must show of a series.
package struct SeriesColumn: Sendable, Equatable {
    package private(set) var first: MetricPoint
    package private(set) var last: MetricPoint
    /// Nil if all values are NaN.
    package private(set) var minimum: Double?
    package private(set) var maximum: Double?
    package private(set) var pointCount = 1

    init(_ point: MetricPoint) {
        first = point
        last = point
        if !point.value.isNaN {
            minimum = point.value
            maximum = point.value
        }
    }

    private mutating func add(_ point: MetricPoint) {
        last = point
        pointCount += 1
        if point.value.isNaN { return }
        minimum = min(minimum ?? point.value, point.value)
        maximum = max(maximum ?? point.value, point.value)
    }

    /// `points` in the order of their steps.
    static func columns(of points: [MetricPoint], steps: ClosedRange<Int64>?, count: Int) -> [SeriesColumn] {
        guard count > 0, let first = points.first, let last = points.last else { return [] }
        let range = steps ?? first.step...last.step
        // In floating point: the whole range of Int64 has no width in Int64.
        let width = (Double(range.upperBound) - Double(range.lowerBound) + 1) / Double(count)
        var columns: [SeriesColumn] = []
        var current = -1
        for point in points where range.contains(point.step) {
            let place = min(count - 1, Int((Double(point.step) - Double(range.lowerBound)) / width))
            if place == current {
                columns[columns.count - 1].add(point)
            } else {
                columns.append(SeriesColumn(point))
                current = place
            }
        }
        return columns
    }
}
