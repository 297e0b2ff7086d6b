import SQL

/// Series for drawings: the chunks as they are, so that nobody waits for the database while they are decoded.
extension SQLExperimentStore {
    package func seriesParts(run: RunID, key: String, steps: ClosedRange<Int64>?) throws -> SeriesParts {
        try foldInbox()
        let found = try reader.read { connection -> SeriesParts? in
            guard let run = try connection.runNumber(run), let key = try connection.keyNumber(key) else {
                return SeriesParts([])
            }
            let places = try connection.chunkPlaces(run: run, key: key)
            let large = places.filter { !$0.isSmall }
            var waiting = try connection.tail(run: run, key: key)
            for place in places where place.isSmall {
                waiting += try SeriesChunk.decode(try connection.chunkData(place.number)).points
            }
            waiting = orderedOnce(waiting)
            // Points that came late lie between those of chunks, and have to be put in order first.
            if let end = large.last?.last, let next = waiting.first?.step, next <= end { return nil }
            var parts = try wanted(large, steps).map { SeriesParts.Part.encoded(try connection.chunkData($0)) }
            if !waiting.isEmpty { parts.append(.points(waiting)) }
            return SeriesParts(parts)
        }
        return try found ?? SeriesParts(points: try series(run: run, key: key))
    }

    package func seriesBounds(run: RunID, key: String) throws -> SeriesBounds? {
        try foldInbox()
        let found = try reader.read { connection -> (bounds: SeriesBounds?, hasInfinities: Bool) in
            guard let run = try connection.runNumber(run), let key = try connection.keyNumber(key) else {
                return (nil, false)
            }
            let rows = try connection.all(
                """
                SELECT min(first_step), max(last_step), min(first_ms), max(last_ms), min(minimum), max(maximum)
                FROM chunks WHERE run = ? AND key = ? GROUP BY run, key
                """, .integer(run), .integer(key)
            ) { row in
                let values = row.isNull(4) || row.isNull(5) ? nil : row.double(4)...row.double(5)
                return SeriesBounds(
                    steps: row.integer(0)...row.integer(1),
                    // Of a chunk the first and last in the order of steps, in which time may go back.
                    times: min(row.integer(2), row.integer(3))...max(row.integer(2), row.integer(3)),
                    values: values)
            }
            let tail = SeriesBounds(try connection.tail(run: run, key: key))
            guard let chunks = rows.first else { return (tail, false) }
            let hasInfinities = chunks.values.map { !$0.lowerBound.isFinite || !$0.upperBound.isFinite } ?? false
            return (tail.map { chunks.union($0) } ?? chunks, hasInfinities)
        }
        // Infinity is a value, but no place to draw anything: then what is finite has to be looked for.
        return found.hasInfinities ? SeriesBounds(try series(run: run, key: key)) : found.bounds
    }
}

private struct ChunkPlace {
    var number: Int64
    var first: Int64
    var last: Int64
    var isSmall: Bool
}

extension SQLConnection {
    fileprivate func chunkPlaces(run: Int64, key: Int64) throws -> [ChunkPlace] {
        try all(
            """
            SELECT number, first_step, last_step, count FROM chunks WHERE run = ? AND key = ?
            ORDER BY first_step, first_ms, number
            """, .integer(run), .integer(key)
        ) { row in
            ChunkPlace(
                number: row.integer(0), first: row.integer(1), last: row.integer(2),
                isSmall: row.integer(3) < SeriesChunk.smallLimit)
        }
    }

    fileprivate func chunkData(_ number: Int64) throws -> [UInt8] {
        try first("SELECT data FROM chunks WHERE number = ?", .integer(number)) { $0.bytes(0) } ?? []
    }
}

/// The numbers of the chunks that reach into `steps`, and of one more on each side.
private func wanted(_ places: [ChunkPlace], _ steps: ClosedRange<Int64>?) -> [Int64] {
    guard let steps else { return places.map(\.number) }
    let low = places.firstIndex { $0.last >= steps.lowerBound } ?? places.count
    let high = places.firstIndex { $0.first > steps.upperBound } ?? places.count
    return places[max(0, low - 1)..<min(places.count, max(low, high) + 1)].map(\.number)
}

extension SeriesBounds {
    fileprivate func union(_ other: SeriesBounds) -> SeriesBounds {
        func join<Bound>(_ a: ClosedRange<Bound>, _ b: ClosedRange<Bound>) -> ClosedRange<Bound> {
            min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound)
        }
        let all = [values, other.values].compactMap(\.self)
        return SeriesBounds(
            steps: join(steps, other.steps), times: join(times, other.times),
            values: all.count == 2 ? join(all[0], all[1]) : all.first)
    }
}
