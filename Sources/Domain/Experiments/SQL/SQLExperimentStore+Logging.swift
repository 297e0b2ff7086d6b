import Diagnostics
import JSON
import SQL

extension SQLExperimentStore {
    package func logParams(_ params: [Param], run: RunID) throws {
        if params.isEmpty { return }
        try database.write { connection in
            try connection.insert(params, number: try connection.writableRunNumber(run), run: run)
        }
    }

    package func logMetrics(_ metrics: [Metric], run: RunID, stage: String?) throws {
        if metrics.isEmpty { return }
        let known = keyNumbers.known
        try settle(
            database.append { connection in
                try connection.keep(
                    metrics, run: try connection.writableRunNumber(run), stage: stage, known)
            })
    }

    package func setTags(_ tags: [Tag], run: RunID) throws {
        if tags.isEmpty { return }
        try database.write { connection in
            try connection.setTags(tags, run: try connection.writableRunNumber(run))
        }
    }

    package func log(_ batch: RunBatch, run: RunID) throws {
        // Points alone need not wait for other writers.
        if batch.params.isEmpty, batch.tags.isEmpty { return try logMetrics(batch.metrics, run: run, stage: nil) }
        let known = keyNumbers.known
        try settle(
            database.write { connection in
                let number = try connection.writableRunNumber(run)
                try connection.insert(batch.params, number: number, run: run)
                let kept = try connection.keep(batch.metrics, run: number, stage: nil, known)
                try connection.setTags(batch.tags, run: number)
                return kept
            })
    }

    /// After the transaction that kept points.
    private func settle(_ kept: KeptPoints) throws {
        keyNumbers.add(kept.newKeys)
        if waiting.add(points: kept.count, run: kept.run, keys: kept.keys) { try foldInbox() }
    }
}

extension SQLConnection {
    func insert(_ params: [Param], number run: Int64, run id: RunID) throws {
        if params.isEmpty { return }
        var logged: [Int64: StoredParam] = [:]
        try withStatement("SELECT key, type, text FROM params WHERE run = ?") { statement in
            try statement.forEachRow([.integer(run)]) { row in
                logged[row.integer(0)] = try StoredParam(type: row.text(1), text: row.text(2))
            }
        }
        var rows: [[SQLValue]] = []
        for param in params {
            let key = try ensureKeyNumber(param.key)
            let new = StoredParam(param.value)
            if let old = logged[key], old != new {
                throw ExperimentError.paramChanged(key: param.key, run: id, logged: old.text, new: new.text)
            }
            if logged.updateValue(new, forKey: key) != nil { continue }
            rows.append([
                .integer(run), .integer(key), .text(new.type.rawValue), .text(new.text), SQLValue(new.number),
            ])
        }
        try insert("INSERT INTO params", rows: rows)
    }

    func setTags(_ tags: [Tag], run: Int64) throws {
        try insert(
            "INSERT INTO tags",
            rows: try tags.lastOfEachKey.map { tag in
                [.integer(run), .integer(try ensureKeyNumber(tag.key)), .text(tag.value)]
            }, "ON CONFLICT (run, key) DO UPDATE SET value = excluded.value")
    }
}

extension [Tag] {
    /// Of a key that comes more than once, the last.
    var lastOfEachKey: [Tag] {
        var seen: Set<String> = []
        return reversed().filter { seen.insert($0.key).inserted }.reversed()
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

/// SQLite has no NaN, and a key's columns cannot be NULL. Text sorts after every number, as NaN shall. PostgreSQL makes
/// its NaN of the same text, and it sorts there, too.
func storedMetricValue(_ value: Double) -> SQLValue { value.isNaN ? .text("NaN") : .real(value) }

extension SQLRow {
    /// What `storedMetricValue` made of it.
    func metricValue(_ column: Int) -> Double {
        if case .text = value(column) { return .nan }
        return double(column)
    }
}
