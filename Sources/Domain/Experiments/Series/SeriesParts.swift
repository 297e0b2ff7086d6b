import Diagnostics

/// A metric series on its way from the store to whoever draws or sends it, still as it is kept: decoding a million points
/// costs more than fetching them, and is best done away from the database, a thousand points at a time.
package struct SeriesParts: Sendable {
    enum Part: Sendable {
        case encoded([UInt8])
        case points([MetricPoint])
    }

    /// In order, none overlapping the next.
    private let parts: [Part]

    init(_ parts: [Part]) { self.parts = parts }

    package init(points: [MetricPoint]) { self.init(points.isEmpty ? [] : [.points(points)]) }

    package var partCount: Int { parts.count }

    /// The points of one part, in order; no part overlaps the next.
    package func part(_ index: Int) throws -> SeriesPoints {
        switch parts[index] {
        case .encoded(let bytes): try SeriesChunk.decode(bytes)
        case .points(let points): SeriesPoints(points)
        }
    }

    /// Gives all points, by step, then time, then value, some thousands at once.
    package func forEach(_ body: (SeriesPoints) throws -> Void) throws {
        for index in parts.indices { try body(part(index)) }
    }

    /// How many points there are; nothing is decoded for that.
    package func pointCount() throws -> Int {
        try parts.reduce(0) { count, part in
            switch part {
            case .encoded(let bytes): count + (try SeriesChunk.count(of: bytes))
            case .points(let points): count + points.count
            }
        }
    }
}

/// Points of a series, side by side: three rows of equal length.
package struct SeriesPoints: Sendable {
    package var steps: [Int64]
    /// Milliseconds since 1970.
    package var times: [Int64]
    package var values: [Double]

    package var count: Int { values.count }

    package subscript(index: Int) -> MetricPoint {
        MetricPoint(step: steps[index], timestamp: Timestamp(milliseconds: times[index]), value: values[index])
    }

    init(steps: [Int64] = [], times: [Int64] = [], values: [Double] = []) {
        self.steps = steps
        self.times = times
        self.values = values
    }

    init(_ points: [MetricPoint]) {
        self.init(
            steps: points.map(\.step), times: points.map(\.timestamp.milliseconds), values: points.map(\.value))
    }

    var points: [MetricPoint] { values.indices.map { self[$0] } }
}

/// How far a series reaches.
package struct SeriesBounds: Sendable, Equatable {
    package var steps: ClosedRange<Int64>
    /// Milliseconds since 1970.
    package var times: ClosedRange<Int64>
    /// Of the finite values; nil if there is none.
    package var values: ClosedRange<Double>?

    package init(steps: ClosedRange<Int64>, times: ClosedRange<Int64>, values: ClosedRange<Double>?) {
        self.steps = steps
        self.times = times
        self.values = values
    }

    /// Nil if there is no point.
    package init?(_ points: [MetricPoint]) {
        guard let first = points.first, let last = points.last else { return nil }
        steps = first.step...last.step
        let times = points.map(\.timestamp.milliseconds)
        self.times = (times.min() ?? 0)...(times.max() ?? 0)
        values = ClosedRange(leastAndGreatestOf: points.lazy.map(\.value).filter(\.isFinite))
    }
}

extension ClosedRange where Bound == Double {
    /// Nil if there is none.
    package init?(leastAndGreatestOf numbers: some Sequence<Double>) {
        var result: ClosedRange<Double>?
        for number in numbers {
            guard let known = result else {
                result = number...number
                continue
            }
            if number < known.lowerBound { result = number...known.upperBound }
            if number > known.upperBound { result = known.lowerBound...number }
        }
        guard let result else { return nil }
        self = result
    }
}
