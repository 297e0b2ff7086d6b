import Diagnostics
import JSON
import SQLite

extension SQLiteExperimentStore {
    /// Finds the numbers of one page of runs, then loads only those.
    ///
    /// Sorted by a metric, the first pages come from that metric's index, which has its values in order: no other
    /// run is looked at. Only where that ends are all runs joined and sorted.
    package func listRuns(_ query: RunQuery) throws -> RunPage {
        try reader.read { connection in
            var numbers: [Int64]?
            if case .metric? = query.sort.first?.column {
                let found = try connection.runNumbers(query, scan: .metricIndex)
                if found.count > query.limit { numbers = found }
            }
            let found = try numbers ?? connection.runNumbers(query, scan: .runs)
            let records = try connection.records(Array(found.prefix(query.limit)), query.columns)
            return RunPage(records: records, hasMore: found.count > query.limit)
        }
    }

    package func record(_ id: RunID) throws -> RunRecord? {
        try reader.read { connection in
            try connection.runNumber(id).map { try connection.records([$0], .all)[0] }
        }
    }
}

extension Connection {
    /// One more than the page holds, if there are more.
    fileprivate func runNumbers(_ query: RunQuery, scan: RunListSQL.Scan) throws -> [Int64] {
        var numbers: [String: Int64] = [:]
        for name in query.keyNames { numbers[name] = try keyNumber(name) }
        let sql = RunListSQL(query, scan: scan, keyNumbers: numbers)
        return try all(sql.text, sql.values) { $0.integer(0) }
    }

    fileprivate func records(_ numbers: [Int64], _ columns: RunColumnSelection) throws -> [RunRecord] {
        var names = KeyNames()
        return try numbers.map { number in
            var record = RunRecord(run: try run(number: number))
            try loadParams(of: number, columns.params, into: &record, &names)
            try loadMetrics(of: number, columns.metrics, into: &record, &names)
            try loadTags(of: number, columns.tags, into: &record, &names)
            if columns.includesStages { record.stages = try stageSummaries(run: number) }
            return record
        }
    }

    private func loadParams(
        of run: Int64, _ keys: RunColumnSelection.Keys, into record: inout RunRecord, _ names: inout KeyNames
    ) throws {
        if case .none = keys { return }
        try withStatement("SELECT key, type, text FROM params WHERE run = ?") { statement in
            try statement.forEachRow([.integer(run)]) { row in
                let name = try names.name(of: row.integer(0), self)
                if !keys.contains(name) { return }
                record.params[name] = try StoredParam(type: row.text(1), text: row.text(2)).value()
            }
        }
    }

    private func loadMetrics(
        of run: Int64, _ keys: RunColumnSelection.Keys, into record: inout RunRecord, _ names: inout KeyNames
    ) throws {
        if case .none = keys { return }
        try withStatement("SELECT key, stage, step, timestamp_ms, value FROM series WHERE run = ?") { statement in
            try statement.forEachRow([.integer(run)]) { row in
                let name = try names.name(of: row.integer(0), self)
                if !keys.contains(name) { return }
                let point = MetricPoint(
                    step: row.integer(2), timestamp: Timestamp(milliseconds: row.integer(3)),
                    value: row.optionalDouble(4) ?? .nan)
                let stage = try row.optionalInteger(1).map { try names.name(of: $0, self) }
                record.metrics[name] = LatestMetric(point: point, stage: stage)
            }
        }
    }

    private func loadTags(
        of run: Int64, _ keys: RunColumnSelection.Keys, into record: inout RunRecord, _ names: inout KeyNames
    ) throws {
        if case .none = keys { return }
        try withStatement("SELECT key, value FROM tags WHERE run = ?") { statement in
            try statement.forEachRow([.integer(run)]) { row in
                let name = try names.name(of: row.integer(0), self)
                if keys.contains(name) { record.tags[name] = row.text(1) }
            }
        }
    }
}

/// The names of key numbers, each looked up once a page.
private struct KeyNames {
    private var names: [Int64: String] = [:]

    mutating func name(of number: Int64, _ connection: borrowing Connection) throws -> String {
        if let name = names[number] { return name }
        let name = try connection.first("SELECT name FROM keys WHERE number = ?", .integer(number)) { $0.text(0) }
        guard let name else { throw ExperimentError.damagedRecord(what: "key", value: "number \(number)") }
        names[number] = name
        return name
    }
}

extension RunColumnSelection.Keys {
    fileprivate func contains(_ name: String) -> Bool {
        switch self {
        case .none: false
        case .all: true
        case .some(let names): names.contains(name)
        }
    }
}

extension RunQuery {
    /// The keys and stages that the filter and the order name.
    fileprivate var keyNames: Set<String> {
        Set((sort.map(\.column) + (filter?.columns ?? [])).compactMap(\.keyName))
    }
}
