import Diagnostics
import SQL

/// Metric points: where they are (rows that came last, and chunks of older ones), and how rows become chunks.
///
/// Points may come late and twice. Rows and chunks of a series may then overlap, and hold the same point; whoever reads
/// merges them, and the next time that rows become chunks they are put in order for good.
extension SQLExperimentStore: MetricSeriesStore {
    package func series(run: RunID, key: String) throws -> [MetricPoint] {
        try foldInbox()
        return try reader.read { connection in
            guard let run = try connection.runNumber(run), let key = try connection.keyNumber(key) else { return [] }
            return try connection.points(run: run, key: key, from: nil)
        }
    }

    /// Straight to where readers look: what the inbox saves is too little here.
    package func appendSeries(_ series: [LoggedSeries], run: RunID, stage: String?) throws {
        if series.allSatisfy(\.points.isEmpty) { return }
        try database.write { connection in
            try connection.fold(series, run: try connection.writableRunNumber(run), stage: stage)
        }
    }

    package func metricPoints(
        run: RunID, key: String, after previous: MetricPoint?, limit: Int
    ) throws -> [MetricPoint] {
        try foldInbox()
        return try reader.read { connection in
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

extension SQLConnection {
    /// The points of a series in order; of those before `start`, some may be missing.
    fileprivate func points(run: Int64, key: Int64, from start: MetricPoint?) throws -> [MetricPoint] {
        let bound = start.map { ($0.step, $0.timestamp.milliseconds) } ?? (.min, .min)
        var inOrder: [MetricPoint] = []
        var others: [MetricPoint] = []
        try withStatement(
            """
            SELECT count, data FROM chunks WHERE run = ? AND key = ? AND (last_step, last_ms) >= (?, ?)
            ORDER BY first_step, first_ms, number
            """
        ) { statement in
            try statement.forEachRow([.integer(run), .integer(key), .integer(bound.0), .integer(bound.1)]) { row in
                let points = try SeriesChunk.decode(row.bytes(1)).points
                let isNext = inOrder.last.flatMap { last in points.first.map { isOrdered(last, $0) } } ?? true
                let isSmall = row.integer(0) < SeriesChunk.smallLimit
                if isNext, !isSmall { inOrder += points } else { others += points }
            }
        }
        others += try tail(run: run, key: key, from: bound)
        return merged(inOrder, orderedOnce(others))
    }

    func tail(run: Int64, key: Int64, from bound: (Int64, Int64) = (.min, .min)) throws -> [MetricPoint] {
        try all(
            """
            SELECT step, timestamp_ms, value FROM points
            WHERE run = ? AND key = ? AND (step, timestamp_ms) >= (?, ?) ORDER BY step, timestamp_ms, value
            """, .integer(run), .integer(key), .integer(bound.0), .integer(bound.1)
        ) { row in
            MetricPoint(
                step: row.integer(0), timestamp: Timestamp(milliseconds: row.integer(1)), value: row.metricValue(2))
        }
    }

    /// Makes chunks of all rows and small chunks of a series, and of these points.
    func compactSeries(run: Int64, key: Int64, adding points: [MetricPoint] = []) throws {
        var waiting = try tail(run: run, key: key)
        let small = "run = ? AND key = ? AND count < \(SeriesChunk.smallLimit)"
        try withStatement("SELECT data FROM chunks WHERE \(small)") { statement in
            try statement.forEachRow([.integer(run), .integer(key)]) {
                waiting += try SeriesChunk.decode($0.bytes(0)).points
            }
        }
        waiting = orderedOnce(waiting + points)
        try execute("DELETE FROM chunks WHERE \(small)", .integer(run), .integer(key))
        try execute("DELETE FROM points WHERE run = ? AND key = ?", .integer(run), .integer(key))
        try execute("UPDATE series SET tail = 0 WHERE run = ? AND key = ?", .integer(run), .integer(key))
        // All that are left are in order, one after the other.
        let end = try first(
            """
            SELECT last_step FROM chunks WHERE run = ? AND key = ? ORDER BY first_step DESC, first_ms DESC, number DESC
            LIMIT 1
            """, .integer(run), .integer(key)
        ) { $0.integer(0) }
        // Most often all of them are new: then chunks are only added.
        let firstNew = end.map { end in waiting.firstIndex { $0.step > end } ?? waiting.count } ?? 0
        try insertLate(Array(waiting[..<firstNew]), run: run, key: key)
        try insertChunks(chunkRows(Array(waiting[firstNew...]), run: run, key: key))
    }

    /// Points that belong between those of chunks: these are made again.
    private func insertLate(_ late: [MetricPoint], run: Int64, key: Int64) throws {
        guard let first = late.first, let last = late.last else { return }
        var overlapping: [(number: Int64, points: [MetricPoint])] = []
        try withStatement(
            """
            SELECT number, data FROM chunks WHERE run = ? AND key = ? AND last_step >= ? AND first_step <= ?
            ORDER BY first_step, first_ms, number
            """
        ) { statement in
            try statement.forEachRow([.integer(run), .integer(key), .integer(first.step), .integer(last.step)]) { row in
                overlapping.append((row.integer(0), try SeriesChunk.decode(row.bytes(1)).points))
            }
        }
        for chunk in overlapping { try execute("DELETE FROM chunks WHERE number = ?", .integer(chunk.number)) }
        let points = merged(Array(overlapping.map(\.points).joined()), late)
        try insertChunks(chunkRows(points, run: run, key: key))
    }

    /// When a run is over, nothing more is expected: rows that are worth a chunk become one.
    func compactAllSeries(run: Int64) throws {
        let keys = try all(
            "SELECT key FROM series WHERE run = ? AND tail >= ?", .integer(run), SQLValue(SeriesChunk.worthwhile)
        ) { $0.integer(0) }
        for key in keys { try compactSeries(run: run, key: key) }
    }

    func insertChunks(_ rows: [[SQLValue]]) throws {
        try insert(
            """
            INSERT INTO chunks (run, key, first_step, first_ms, last_step, last_ms, count, minimum, maximum, data)
            """, rows: rows)
    }

    /// `points` in order.
    private func chunkRows(_ points: [MetricPoint], run: Int64, key: Int64) -> [[SQLValue]] {
        var rows: [[SQLValue]] = []
        var start = 0
        while start < points.count {
            // What would be left over as a small chunk goes into the last one.
            let left = points.count - start
            let count = left < 2 * SeriesChunk.leastPoints ? left : SeriesChunk.leastPoints
            rows.append(chunkRow(points[start..<start + count], run: run, key: key))
            start += count
        }
        return rows
    }

    /// `points` in order, and at least one.
    func chunkRow(_ points: ArraySlice<MetricPoint>, run: Int64, key: Int64) -> [SQLValue] {
        let part = Array(points)
        let values = part.lazy.map(\.value).filter { !$0.isNaN }
        return [
            .integer(run), .integer(key), .integer(part[0].step), .integer(part[0].timestamp.milliseconds),
            .integer(part[part.count - 1].step), .integer(part[part.count - 1].timestamp.milliseconds),
            SQLValue(part.count), SQLValue(values.min()), SQLValue(values.max()), .blob(SeriesChunk.encode(part)),
        ]
    }
}

/// By step, then time, then value; NaN after all numbers.
private func isOrdered(_ a: MetricPoint, _ b: MetricPoint) -> Bool {
    if a.step != b.step { return a.step < b.step }
    if a.timestamp != b.timestamp { return a.timestamp < b.timestamp }
    if a.value.isNaN { return false }
    return b.value.isNaN || a.value < b.value
}

/// In order, each point once. Most often they are so already.
func orderedOnce(_ points: [MetricPoint]) -> [MetricPoint] {
    if zip(points, points.dropFirst()).allSatisfy({ isOrdered($0, $1) }) { return points }
    var result: [MetricPoint] = []
    result.reserveCapacity(points.count)
    for point in points.sorted(by: isOrdered) {
        if let previous = result.last, !isOrdered(previous, point) { continue }
        result.append(point)
    }
    return result
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
