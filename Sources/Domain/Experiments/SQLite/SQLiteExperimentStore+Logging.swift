import Diagnostics
import JSON
import SQLite

extension SQLiteExperimentStore {
    package func logParams(_ params: [Param], run: RunID) throws {
        if params.isEmpty { return }
        try database.write { connection in
            try connection.insert(params, number: try connection.writableRunNumber(run), run: run)
        }
    }

    package func logMetrics(_ metrics: [Metric], run: RunID, stage: String?) throws {
        if metrics.isEmpty { return }
        try database.write { connection in
            let run = try connection.writableRunNumber(run)
            try connection.insert(metrics, run: run, stage: stage)
        }
    }

    package func setTags(_ tags: [Tag], run: RunID) throws {
        if tags.isEmpty { return }
        try database.write { connection in
            try connection.setTags(tags, run: try connection.writableRunNumber(run))
        }
    }
}

extension Connection {
    func insert(_ params: [Param], number run: Int64, run id: RunID) throws {
        for param in params { try insert(param, number: run, run: id) }
    }

    func insert(_ metrics: [Metric], run: Int64, stage: String?) throws {
        let stage = try stage.map { try ensureKeyNumber($0) }
        var keys: [String: Int64] = [:]
        var extensions: [Int64: SeriesExtension] = [:]
        try withStatement("INSERT OR IGNORE INTO points VALUES (?, ?, ?, ?, ?)") { insert in
            for metric in metrics {
                let key = try keys[metric.key] ?? ensureKeyNumber(metric.key)
                keys[metric.key] = key
                let point = metric.point
                try insert.run([
                    .integer(run), .integer(key), .integer(point.step), .integer(point.timestamp.milliseconds),
                    storedMetricValue(point.value),
                ])
                extensions[key, default: SeriesExtension(end: point)].add(point, isNew: changedRowCount > 0)
            }
        }
        for (key, added) in extensions { try extendSeries(run: run, key: key, stage: stage, added) }
    }

    func setTags(_ tags: [Tag], run: Int64) throws {
        for tag in tags {
            try execute(
                "INSERT INTO tags VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                .integer(run), .integer(try ensureKeyNumber(tag.key)), .text(tag.value))
        }
    }

    fileprivate func insert(_ param: Param, number run: Int64, run id: RunID) throws {
        let key = try ensureKeyNumber(param.key)
        let logged = try first(
            "SELECT type, text FROM params WHERE run = ? AND key = ?", .integer(run), .integer(key)
        ) { try StoredParam(type: $0.text(0), text: $0.text(1)) }
        let new = StoredParam(param.value)
        if let logged, logged != new {
            throw ExperimentError.paramChanged(key: param.key, run: id, logged: logged.text, new: new.text)
        }
        if logged != nil { return }
        try execute(
            "INSERT INTO params VALUES (?, ?, ?, ?, ?)", .integer(run), .integer(key), .text(new.type.rawValue),
            .text(new.text), SQLValue(new.number))
    }

    /// Moves the end of the series if these points go further.
    fileprivate func extendSeries(run: Int64, key: Int64, stage: Int64?, _ added: SeriesExtension) throws {
        let isLater = """
            (excluded.step, excluded.timestamp_ms, coalesce(excluded.value, -9e999))
                > (step, timestamp_ms, coalesce(value, -9e999))
            """
        let tails = try all(
            """
            INSERT INTO series (run, key, stage, step, timestamp_ms, value, tail) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET tail = tail + excluded.tail,
                stage = iif(\(isLater), coalesce(excluded.stage, stage), stage),
                step = iif(\(isLater), excluded.step, step),
                timestamp_ms = iif(\(isLater), excluded.timestamp_ms, timestamp_ms),
                value = iif(\(isLater), excluded.value, value)
            RETURNING tail
            """, .integer(run), .integer(key), SQLValue(stage), .integer(added.end.step),
            .integer(added.end.timestamp.milliseconds), .real(added.end.value), SQLValue(added.newCount)
        ) { $0.integer(0) }
        if let tail = tails.first, tail >= SeriesChunk.leastPoints { try compactSeries(run: run, key: key) }
    }
}

/// What one batch does to one series.
private struct SeriesExtension {
    /// The furthest of its points.
    private(set) var end: MetricPoint
    /// How many of its points were not known.
    private(set) var newCount = 0

    init(end: MetricPoint) { self.end = end }

    mutating func add(_ point: MetricPoint, isNew: Bool) {
        if isAfter(point, end) { end = point }
        if isNew { newCount += 1 }
    }
}

/// A param as it is kept: text that can be searched, and enough to make the same value of it again.
struct StoredParam: Equatable {
    enum StoredType: String {
        /// `text` is the value.
        case string
        /// `text` is the value as JSON.
        case json
    }

    let type: StoredType
    let text: String

    init(_ value: JSONValue) {
        if case .string(let string) = value {
            type = .string
            text = string
        } else {
            type = .json
            text = value.text()
        }
    }

    init(type: String, text: String) throws {
        guard let type = StoredType(rawValue: type) else {
            throw ExperimentError.damagedRecord(what: "param type", value: type)
        }
        self.type = type
        self.text = text
    }

    func value() throws -> JSONValue {
        if type == .string { return .string(text) }
        guard let value = try? JSONValue(parsing: text) else {
            throw ExperimentError.damagedRecord(what: "param value", value: text)
        }
        return value
    }

    /// What comparisons with numbers look at. A string of digits counts, as some clients log all values as strings.
    var number: Double? { Double(text) }
}

/// SQLite has no NaN, and a key's columns cannot be NULL. Text sorts after every number, as NaN shall.
private let storedNaN = SQLValue.text("NaN")

func storedMetricValue(_ value: Double) -> SQLValue { value.isNaN ? storedNaN : .real(value) }

private func isAfter(_ a: MetricPoint, _ b: MetricPoint) -> Bool {
    if a.step != b.step { return a.step > b.step }
    if a.timestamp != b.timestamp { return a.timestamp > b.timestamp }
    return a.value > b.value || b.value.isNaN
}
