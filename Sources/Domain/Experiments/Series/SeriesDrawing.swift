import Diagnostics

/// How a metric series is to be drawn: along what, which part of it, on how many columns of pixels, how smooth.
package struct SeriesDrawing: Sendable {
    /// What a point's place along the drawing is.
    package enum Axis: Sendable, Equatable {
        case step
        /// Milliseconds since 1970.
        case wall
        /// Milliseconds since the run began.
        case relative
        /// The value that another metric of the run had at that step, or last before it.
        case metric(String)
    }

    package var axis: Axis
    /// What is seen, in units of the axis.
    package var range: ClosedRange<Double>
    package var columnCount: Int
    package var smoothing: SeriesSmoothing?

    package init(axis: Axis, range: ClosedRange<Double>, columnCount: Int, smoothing: SeriesSmoothing? = nil) {
        self.axis = axis
        self.range = range
        self.columnCount = columnCount
        self.smoothing = smoothing
    }

    /// The parts of the series that can matter: with smoothing all, for what is seen depends on what was before.
    var neededSteps: ClosedRange<Int64>? {
        guard axis == .step, smoothing == nil else { return nil }
        let least = Int64(exactly: range.lowerBound.rounded(.down)) ?? .min
        let most = Int64(exactly: range.upperBound.rounded(.up)) ?? .max
        return least...max(least, most)
    }
}

/// A series as columns of pixels.
package struct DrawnSeries: Sendable {
    package var run: RunID
    package var raw: SeriesColumns
    /// The same, smoothed; nil if that was not asked for.
    package var smooth: SeriesColumns?
}

extension MetricSeriesStore {
    /// How far the series of a run reaches along an axis; nil if it has no points, or no places there.
    package func extent(of key: String, in run: Run, along axis: SeriesDrawing.Axis) throws -> ClosedRange<Double>? {
        guard let bounds = try seriesBounds(run: run.id, key: key) else { return nil }
        switch axis {
        case .step: return Double(bounds.steps.lowerBound)...Double(bounds.steps.upperBound)
        case .wall: return Double(bounds.times.lowerBound)...Double(bounds.times.upperBound)
        case .relative:
            let start = run.startedAt.milliseconds
            return Double(bounds.times.lowerBound &- start)...Double(bounds.times.upperBound &- start)
        case .metric(let other): return try seriesBounds(run: run.id, key: other)?.values
        }
    }

    /// Nil if the run never logged the metric.
    package func draw(_ key: String, of run: Run, as drawing: SeriesDrawing) throws -> DrawnSeries? {
        guard try seriesBounds(run: run.id, key: key) != nil else { return nil }
        var raw = SeriesColumns(range: drawing.range, count: drawing.columnCount)
        var smooth = raw
        var smoother = drawing.smoothing.map { Smoother($0) }
        var places = try places(of: run, along: drawing.axis)
        try seriesParts(run: run.id, key: key, steps: drawing.neededSteps).forEach { part in
            if smoother == nil, drawing.axis == .step { return raw.add(part) }
            for index in 0..<part.count {
                guard let x = places.place(step: part.steps[index], time: part.times[index]) else { continue }
                raw.add(x: x, value: part.values[index], step: part.steps[index])
                smoother?.add(x: x, value: part.values[index], step: part.steps[index]) { smooth.add($0) }
            }
        }
        smoother?.end { smooth.add($0) }
        return DrawnSeries(run: run.id, raw: raw, smooth: smoother == nil ? nil : smooth)
    }

    private func places(of run: Run, along axis: SeriesDrawing.Axis) throws -> Places {
        switch axis {
        case .step: return .step
        case .wall: return .time(origin: 0)
        case .relative: return .time(origin: run.startedAt.milliseconds)
        case .metric(let other):
            var whole = SeriesPoints()
            try seriesParts(run: run.id, key: other, steps: nil).forEach { part in
                whole.steps += part.steps
                whole.values += part.values
            }
            return .metric(whole, next: 0)
        }
    }
}

/// Where along an axis the points of a series are; asked in the order of their steps.
private enum Places {
    case step
    case time(origin: Int64)
    /// `next`: the first of its points that lies after all steps asked for.
    case metric(SeriesPoints, next: Int)

    mutating func place(step: Int64, time: Int64) -> Double? {
        switch self {
        case .step: return Double(step)
        case .time(let origin): return Double(time &- origin)
        case .metric(let other, var next):
            while next < other.steps.count, other.steps[next] <= step { next += 1 }
            self = .metric(other, next: next)
            guard next > 0, other.values[next - 1].isFinite else { return nil }
            return other.values[next - 1]
        }
    }
}
