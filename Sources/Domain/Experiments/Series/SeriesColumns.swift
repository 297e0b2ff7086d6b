/// A series on columns of equal width: of each the first, last, least and greatest finite value, so that a line
/// through them covers exactly the pixels that a line through all points would.
///
/// Points that follow each other in one column become one; where there is at most one point a column, all of them come
/// out as they are. A path that comes back, as one along another metric may, has a column each time. Beside what is in
/// the range, the nearest points before and after it are kept, so that lines leave the picture where they should.
package struct SeriesColumns: Sendable {
    package let range: ClosedRange<Double>
    package let count: Int
    /// The place of the last point of each column.
    package private(set) var x: [Double] = []
    package private(set) var step: [Int64] = []
    package private(set) var first: [Double] = []
    package private(set) var last: [Double] = []
    package private(set) var minimum: [Double] = []
    package private(set) var maximum: [Double] = []
    package private(set) var pointCounts: [Int] = []
    /// Values that are no numbers: of each kind one a column.
    package private(set) var marks: [Mark] = []

    package struct Mark: Sendable, Equatable {
        package var x: Double
        package var value: Double
    }

    private let width: Double
    /// Column of the point before; outside of the range -1 or `count`.
    private var current = Int.min
    private var lastMark = (column: Int.min, kinds: 0)

    init(range: ClosedRange<Double>, count: Int) {
        self.range = range
        self.count = max(1, count)
        let span = range.upperBound - range.lowerBound
        // A range of one place has width, too: its points belong in the first column.
        width = span > 0 ? span / Double(max(1, count)) : 1
    }

    /// Whether each column is one point: then the picture is the series itself.
    package var isExact: Bool { pointCounts.allSatisfy { $0 == 1 } }

    mutating func add(_ point: SmoothPoint) { add(x: point.x, value: point.value, step: point.step) }

    /// Points along their steps.
    mutating func add(_ part: SeriesPoints) {
        for index in 0..<part.count {
            add(x: Double(part.steps[index]), value: part.values[index], step: part.steps[index])
        }
    }

    mutating func add(x place: Double, value: Double, step: Int64) {
        let column = column(of: place)
        if !value.isFinite { return mark(place, value, column) }
        let isOutside = column < 0 || column == count
        if column != current || pointCounts.isEmpty {
            // Of a row of points outside, the one before the picture is the last, the one behind it the first.
            if column < 0, current == -1, !x.isEmpty { return replaceLast(place, value, step) }
            append(place, value, step)
            current = column
        } else if isOutside {
            if column < 0 { replaceLast(place, value, step) }
        } else {
            merge(place, value, step)
        }
    }

    private func column(of place: Double) -> Int {
        if place < range.lowerBound { return -1 }
        if place > range.upperBound { return count }
        return min(count - 1, Int((place - range.lowerBound) / width))
    }

    private mutating func append(_ place: Double, _ value: Double, _ step: Int64) {
        x.append(place)
        self.step.append(step)
        first.append(value)
        last.append(value)
        minimum.append(value)
        maximum.append(value)
        pointCounts.append(1)
    }

    private mutating func merge(_ place: Double, _ value: Double, _ step: Int64) {
        let end = x.count - 1
        x[end] = place
        self.step[end] = step
        last[end] = value
        if value < minimum[end] { minimum[end] = value }
        if value > maximum[end] { maximum[end] = value }
        pointCounts[end] += 1
    }

    private mutating func replaceLast(_ place: Double, _ value: Double, _ step: Int64) {
        let end = x.count - 1
        x[end] = place
        self.step[end] = step
        (first[end], last[end], minimum[end], maximum[end]) = (value, value, value, value)
    }

    private mutating func mark(_ place: Double, _ value: Double, _ column: Int) {
        guard column >= 0, column < count else { return }
        let kind = value.isNaN ? 1 : value > 0 ? 2 : 4
        if lastMark.column != column { lastMark = (column, 0) }
        if lastMark.kinds & kind != 0 { return }
        lastMark.kinds |= kind
        marks.append(Mark(x: place, value: value))
    }
}
