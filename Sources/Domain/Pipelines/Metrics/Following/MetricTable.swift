import Diagnostics

/// Rows of a table with a header, separated by commas or tabs: each column of numbers is a series.
///
/// The step of a row is its column `step`, `epoch`, `iteration` or the like, or else its number. A cell that is no number
/// is passed over, so that a column of names is none.
struct MetricTable: MetricFormat {
    private let separator: UInt8
    /// Without a column of steps the table is no series, but a list.
    private let needsSteps: Bool
    /// The only column of numbers goes by this name: DVCLive writes a file for each metric.
    private let name: String?
    private var cutter = LineCutter()
    /// A field in quotes may go on in the next line.
    private var open: [UInt8] = []
    private var columns: [String] = []
    private var stepColumn: Int?
    private var timeColumn: Int?
    private var rows: Int64 = 0
    private var isNoSeries = false
    private var mistakes: [String] = []

    init(separator: Character, needsSteps: Bool = false, name: String? = nil) {
        self.separator = separator.asciiValue ?? UInt8(ascii: ",")
        self.needsSteps = needsSteps
        self.name = name
    }

    mutating func read(_ bytes: [UInt8]) -> [FollowedPoint] {
        isNoSeries ? [] : cutter.cut(bytes).flatMap { take($0) }
    }

    mutating func finish() -> [FollowedPoint] { cutter.finish().flatMap { take($0) } }

    mutating func takeMistakes() -> [String] {
        defer { mistakes = [] }
        return mistakes
    }

    private mutating func take(_ line: LineCutter.Line) -> [FollowedPoint] {
        guard let text = line.text else {
            mistakes.append("line \(line.number) is too long")
            open = []
            return []
        }
        open += open.isEmpty ? text : [10] + text
        let table = DelimitedText(open, delimiter: separator)
        if table.endsInQuotes, open.count < LineCutter.mostBytes { return [] }
        open = []
        return table.rows.flatMap { take($0, line.number) }
    }

    private mutating func take(_ fields: [String], _ number: Int) -> [FollowedPoint] {
        if isNoSeries { return [] }
        if columns.isEmpty {
            readHeader(fields)
            return []
        }
        guard fields.count == columns.count else {
            mistakes.append("line \(number) has \(fields.count) fields, and the header \(columns.count)")
            return []
        }
        return points(of: fields)
    }

    private mutating func readHeader(_ fields: [String]) {
        columns = fields
        stepColumn = fields.firstIndex { stepNames.contains($0.lowercased()) }
        timeColumn = fields.firstIndex { ["timestamp", "wall_time"].contains($0.lowercased()) }
        isNoSeries = needsSteps && stepColumn == nil
    }

    private mutating func points(of fields: [String]) -> [FollowedPoint] {
        let written = stepColumn.flatMap { measuredNumber(fields[$0]) }.flatMap { Int64(exactly: $0.rounded()) }
        let step = written ?? rows
        rows += 1
        let time = timeColumn.flatMap { measuredNumber(fields[$0]) }.flatMap(moment)
        return fields.indices.compactMap { index in
            if index == stepColumn || index == timeColumn { return nil }
            guard let value = measuredNumber(fields[index].drop { $0 == " " }) else { return nil }
            return FollowedPoint(key: name ?? columns[index], value: value, step: step, timestamp: time)
        }
    }

    /// Seconds or milliseconds since 1970.
    private func moment(_ number: Double) -> Timestamp? {
        guard number.isFinite, number > 0, number < 1e15 else { return nil }
        return Timestamp(milliseconds: Int64(number > 1e11 ? number : number * 1000))
    }
}
