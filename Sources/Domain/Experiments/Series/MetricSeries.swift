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
        guard count > 0, let range = try steps ?? seriesBounds(run: run, key: key)?.steps else { return [] }
        var columns = SeriesColumn.Row(range, count: count)
        try seriesParts(run: run, key: key, steps: steps).forEach { part in
            for index in 0..<part.count { columns.add(part[index]) }
        }
        return columns.columns
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

    /// Columns on which points are put, in the order of their steps.
    fileprivate struct Row {
        private(set) var columns: [SeriesColumn] = []
        private let range: ClosedRange<Int64>
        private let count: Int
        private let width: Double
        private var current = -1

        init(_ range: ClosedRange<Int64>, count: Int) {
            self.range = range
            self.count = count
            // In floating point: the whole range of Int64 has no width in Int64.
            width = (Double(range.upperBound) - Double(range.lowerBound) + 1) / Double(count)
        }

        mutating func add(_ point: MetricPoint) {
            guard range.contains(point.step) else { return }
            let place = min(count - 1, Int((Double(point.step) - Double(range.lowerBound)) / width))
            if place == current {
                columns[columns.count - 1].add(point)
            } else {
                columns.append(SeriesColumn(point))
                current = place
            }
        }
    }
}
