import Diagnostics
import SQLite

/// Metric points: where they are (rows that came last, and chunks of older ones), and how rows become chunks.
///
/// Points may come late and twice. Rows and chunks of a series may then overlap, and hold the same point; whoever reads
/// merges them, and the next time that rows become chunks they are put in order for good.
extension SQLiteExperimentStore: MetricSeriesStore {
    package func series(run: RunID, key: String) throws -> [MetricPoint] {
        try reader.read { connection in
            guard let run = try connection.runNumber(run), let key = try connection.keyNumber(key) else { return [] }
            return try connection.points(run: run, key: key, from: nil)
        }
    }

    package func metricPoints(
        run: RunID, key: String, after previous: MetricPoint?, limit: Int
    ) throws -> [MetricPoint] {
        try reader.read { connection in
            guard let number = try connection.runNumber(run) else {
                throw ExperimentError.noSuchRun(reference: run.text, nearest: nil)
            }
            guard let key = try connection.keyNumber(key) else { return [] }
            let points = try connection.points(run: number, key: key, from: previous)
            guard let previous else { return Array(points.prefix(limit)) }
            return Array(points.drop { !isOrdered(previous, $0) }.prefix(limit))
        }
    }
}

extension Connection {
    /// The points of a series in order; of those before `start`, some may be missing.
    fileprivate func points(run: Int64, key: Int64, from start: MetricPoint?) throws -> [MetricPoint] {
        let bound = start.map { ($0.step, $0.timestamp.milliseconds) } ?? (.min, .min)
        let chunks = try all(
            """
            SELECT data FROM chunks WHERE run = ? AND key = ? AND (last_step, last_ms) >= (?, ?)
            ORDER BY first_step, first_ms, number
            """, .integer(run), .integer(key), .integer(bound.0), .integer(bound.1)
        ) { try SeriesChunk.decode($0.bytes(0)) }
        return merged(Array(chunks.joined()), try tail(run: run, key: key, from: bound))
    }

    private func tail(run: Int64, key: Int64, from bound: (Int64, Int64) = (.min, .min)) throws -> [MetricPoint] {
        try all(
            """
            SELECT step, timestamp_ms, value FROM points
            WHERE run = ? AND key = ? AND (step, timestamp_ms) >= (?, ?) ORDER BY step, timestamp_ms, value
            """, .integer(run), .integer(key), .integer(bound.0), .integer(bound.1)
        ) { row in
            MetricPoint(
                step: row.integer(0), timestamp: Timestamp(milliseconds: row.integer(1)),
                value: row.value(2) == storedMetricValue(.nan) ? .nan : row.double(2))
        }
    }

    /// Makes chunks of all rows of a series.
    func compactSeries(run: Int64, key: Int64) throws {
        let tail = try tail(run: run, key: key)
        let ends = try all(
            "SELECT max(last_step) FROM chunks WHERE run = ? AND key = ?", .integer(run), .integer(key)
        ) { $0.optionalInteger(0) }
        // Most often all of them are new: then chunks are only added.
        let firstNew = ends.first?.map { end in tail.firstIndex { $0.step > end } ?? tail.count } ?? 0
        let late = Array(tail[..<firstNew])
        if let first = late.first, let last = late.last {
            let overlapping = try all(
                """
                SELECT number, data FROM chunks WHERE run = ? AND key = ? AND last_step >= ? AND first_step <= ?
                ORDER BY first_step, first_ms, number
                """, .integer(run), .integer(key), .integer(first.step), .integer(last.step)
            ) { (number: $0.integer(0), points: try SeriesChunk.decode($0.bytes(1))) }
            for chunk in overlapping { try execute("DELETE FROM chunks WHERE number = ?", .integer(chunk.number)) }
            try insertChunks(merged(Array(overlapping.map(\.points).joined()), late), run: run, key: key)
        }
        try insertChunks(Array(tail[firstNew...]), run: run, key: key)
        try execute("DELETE FROM points WHERE run = ? AND key = ?", .integer(run), .integer(key))
        try execute("UPDATE series SET tail = 0 WHERE run = ? AND key = ?", .integer(run), .integer(key))
    }

    /// When a run is over, nothing more is expected: rows that are worth a chunk become one.
    func compactAllSeries(run: Int64) throws {
        let keys = try all("SELECT key FROM series WHERE run = ? AND tail >= 64", .integer(run)) { $0.integer(0) }
        for key in keys { try compactSeries(run: run, key: key) }
    }

    private func insertChunks(_ points: [MetricPoint], run: Int64, key: Int64) throws {
        var start = 0
        while start < points.count {
            // What would be left over as a small chunk goes into the last one.
            let left = points.count - start
            let count = left < 2 * SeriesChunk.leastPoints ? left : SeriesChunk.leastPoints
            let part = Array(points[start..<start + count])
            let values = part.lazy.map(\.value).filter { !$0.isNaN }
            try execute(
                """
                INSERT INTO chunks (run, key, first_step, first_ms, last_step, last_ms, count, minimum, maximum, data)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, .integer(run), .integer(key), .integer(part[0].step),
                .integer(part[0].timestamp.milliseconds), .integer(part[count - 1].step),
                .integer(part[count - 1].timestamp.milliseconds), SQLValue(count), SQLValue(values.min()),
                SQLValue(values.max()), .blob(SeriesChunk.encode(part)))
            start += count
        }
    }
}

/// By step, then time, then value; NaN after all numbers.
private func isOrdered(_ a: MetricPoint, _ b: MetricPoint) -> Bool {
    if a.step != b.step { return a.step < b.step }
    if a.timestamp != b.timestamp { return a.timestamp < b.timestamp }
    if a.value.isNaN { return false }
    return b.value.isNaN || a.value < b.value
}

/// Two ordered rows of points as one, each point once.
private func merged(_ a: [MetricPoint], _ b: [MetricPoint]) -> [MetricPoint] {
    guard let last = a.last, let first = b.first else { return a.isEmpty ? b : a }
    if isOrdered(last, first) { return a + b }
    var result: [MetricPoint] = []
    result.reserveCapacity(a.count + b.count)
    var (i, j) = (0, 0)
    while i < a.count || j < b.count {
        let takesA = j == b.count || (i < a.count && !isOrdered(b[j], a[i]))
        let point = takesA ? a[i] : b[j]
        if takesA { i += 1 } else { j += 1 }
        if let previous = result.last, !isOrdered(previous, point) { continue }
        result.append(point)
    }
    return result
}
