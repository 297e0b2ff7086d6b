import Diagnostics
import SQL

/// The inbox: one row for each call that logged points, in the order of the calls. Logging a point so costs one row,
/// whatever its series is; folding moves many points at once to where readers look.
///
///     log ─► inbox ─┬─ few points of a series ──► rows of `points` ─┐
///                   ├─ some ──► a small chunk ──────────────────────┴─ 1,024 wait ─► chunks
///                   └─ many ──► chunks
///
/// Whoever reads points or their ends folds first, so that what was acknowledged is seen.
extension SQLExperimentStore {
    /// Nothing happens if nothing waits. Where it cannot be done now (a full disk, a writer who takes long), what waits
    /// goes on waiting: points that are kept are not lost, and who only reads should not fail.
    func foldInbox() throws {
        if try reader.read({ try $0.first("SELECT 1 FROM inbox LIMIT 1") { _ in true } }) == nil { return }
        do {
            try database.write { try $0.foldInbox() }
        } catch let error as any UserFacingError where [.unavailable, .conflict, .denied].contains(error.kind) {
            return
        }
    }
}

/// What a transaction has put into the inbox.
struct KeptPoints: Sendable {
    var run: Int64
    var count = 0
    /// The series of which there are points.
    var keys: [Int64] = []
    /// Keys that this process did not know.
    var newKeys: [String: Int64] = [:]
}

extension SQLConnection {
    /// Puts points into the inbox.
    func keep(_ metrics: [Metric], run: Int64, stage: String?, _ known: [String: Int64]) throws -> KeptPoints {
        var kept = KeptPoints(run: run, count: metrics.count)
        if metrics.isEmpty { return kept }
        let stage = try stage.map { try ensureKeyNumber($0) }
        var unknown: Set<String> = []
        for metric in metrics where known[metric.key] == nil { unknown.insert(metric.key) }
        // In order: two who make the same keys at once, in different orders, would wait for each other.
        for name in unknown.sorted() { kept.newKeys[name] = try ensureKeyNumber(name) }
        var points: [(key: Int64, point: MetricPoint)] = []
        points.reserveCapacity(metrics.count)
        var keys: Set<Int64> = []
        var last: (name: String, number: Int64)?
        for metric in metrics {
            if let last, last.name == metric.key {
                points.append((last.number, metric.point))
                continue
            }
            let key = try known[metric.key] ?? kept.newKeys[metric.key] ?? ensureKeyNumber(metric.key)
            last = (metric.key, key)
            keys.insert(key)
            points.append((key, metric.point))
        }
        kept.keys = Array(keys)
        try execute(
            "INSERT INTO inbox (run, stage, data) VALUES (?, ?, ?)", .integer(run), SQLValue(stage),
            .blob(PointBatch.encode(points)))
        return kept
    }

    /// Puts many points where readers look, without the inbox.
    func fold(_ series: [LoggedSeries], run: Int64, stage: String?) throws {
        let stage = try stage.map { try ensureKeyNumber($0) }
        var folded: [SeriesPlace: FoldedSeries] = [:]
        // In order: two who make the same keys at once, in different orders, would wait for each other.
        for series in series.sorted(by: { $0.key < $1.key }) where !series.points.isEmpty {
            let place = SeriesPlace(run: run, key: try ensureKeyNumber(series.key))
            var one = folded.removeValue(forKey: place) ?? FoldedSeries()
            for point in series.points { one.add(point, stage) }
            folded[place] = one
        }
        try fold(folded.sorted { $0.key < $1.key })
    }

    /// Empties the inbox.
    func foldInbox() throws {
        // As many calls as fit well into memory, a thousand points each.
        let most = 2000
        var count = most
        while count == most {
            count = 0
            var series: [SeriesPlace: FoldedSeries] = [:]
            try withStatement(
                """
                DELETE FROM inbox WHERE number IN (SELECT number FROM inbox ORDER BY number LIMIT ?)
                RETURNING run, stage, data
                """
            ) { statement in
                try statement.forEachRow([SQLValue(most)]) { row in
                    let run = row.integer(0)
                    let stage = row.optionalInteger(1)
                    count += 1
                    try PointBatch.decode(row.bytes(2)) { key, point in
                        series[SeriesPlace(run: run, key: key), default: FoldedSeries()].add(point, stage)
                    }
                }
            }
            // Of a run that was purged just while they were logged, points may have come.
            let runs = Set(series.keys.map(\.run))
            let gone = try runs.filter {
                try first("SELECT 1 FROM runs WHERE number = ?", .integer($0)) { _ in true } == nil
            }
            try fold(series.sorted { $0.key < $1.key }.filter { !gone.contains($0.key.run) })
        }
    }

    private func fold(_ series: [(key: SeriesPlace, value: FoldedSeries)]) throws {
        var points: [[SQLValue]] = []
        var chunks: [[SQLValue]] = []
        var ends: [[SQLValue]] = []
        var late: [(SeriesPlace, [MetricPoint])] = []
        for (place, folded) in series {
            let ordered = orderedOnce(folded.points)
            var added = ordered.count
            if added >= SeriesChunk.smallLimit {
                late.append((place, ordered))
                added = 0
            } else if added >= SeriesChunk.worthwhile {
                chunks.append(chunkRow(ordered[...], run: place.run, key: place.key))
            } else {
                points += ordered.map { point in
                    [
                        .integer(place.run), .integer(place.key), .integer(point.step),
                        .integer(point.timestamp.milliseconds), storedMetricValue(point.value),
                    ]
                }
            }
            ends.append([
                .integer(place.run), .integer(place.key), SQLValue(folded.stage), .integer(folded.end.step),
                .integer(folded.end.timestamp.milliseconds), .real(folded.end.value), SQLValue(added),
            ])
        }
        try insert("INSERT INTO points", rows: points, "ON CONFLICT DO NOTHING")
        try insertChunks(chunks)
        for place in try extendSeries(ends) { try compactSeries(run: place.run, key: place.key) }
        for (place, points) in late { try compactSeries(run: place.run, key: place.key, adding: points) }
    }

    /// Moves the ends of series if these points go further. Answers those of which enough wait for a chunk.
    private func extendSeries(_ ends: [[SQLValue]]) throws -> [SeriesPlace] {
        let infinity = dialect.negativeInfinity
        let isLater = """
            (excluded.step, excluded.timestamp_ms, coalesce(excluded.value, \(infinity)))
                > (series.step, series.timestamp_ms, coalesce(series.value, \(infinity)))
            """
        var full: [SeriesPlace] = []
        try insert(
            "INSERT INTO series (run, key, stage, step, timestamp_ms, value, tail)", rows: ends,
            """
            ON CONFLICT (run, key) DO UPDATE SET tail = series.tail + excluded.tail,
                stage = CASE WHEN \(isLater) THEN coalesce(excluded.stage, series.stage) ELSE series.stage END,
                step = CASE WHEN \(isLater) THEN excluded.step ELSE series.step END,
                timestamp_ms = CASE WHEN \(isLater) THEN excluded.timestamp_ms ELSE series.timestamp_ms END,
                value = CASE WHEN \(isLater) THEN excluded.value ELSE series.value END
            RETURNING run, key, tail
            """
        ) { row in
            if row.integer(2) >= SeriesChunk.leastPoints {
                full.append(SeriesPlace(run: row.integer(0), key: row.integer(1)))
            }
        }
        return full
    }
}

/// Which series, by numbers.
struct SeriesPlace: Hashable, Comparable {
    var run: Int64
    var key: Int64

    static func < (a: SeriesPlace, b: SeriesPlace) -> Bool { (a.run, a.key) < (b.run, b.key) }
}

/// What was in the inbox of one series.
private struct FoldedSeries {
    private(set) var points: [MetricPoint] = []
    /// The furthest of them.
    private(set) var end = MetricPoint(step: .min, timestamp: Timestamp(milliseconds: .min), value: .nan)
    /// That made the furthest one, if one did.
    private(set) var stage: Int64?

    mutating func add(_ point: MetricPoint, _ stage: Int64?) {
        if points.isEmpty || isAfter(point, end) {
            end = point
            self.stage = stage ?? self.stage
        }
        points.append(point)
    }
}

private func isAfter(_ a: MetricPoint, _ b: MetricPoint) -> Bool {
    if a.step != b.step { return a.step > b.step }
    if a.timestamp != b.timestamp { return a.timestamp > b.timestamp }
    return a.value > b.value || b.value.isNaN
}
