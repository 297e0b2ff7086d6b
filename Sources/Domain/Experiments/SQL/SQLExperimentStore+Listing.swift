import Diagnostics
import JSON
import SQL

extension SQLExperimentStore {
    /// Finds the numbers of one page of runs, then loads only those.
    ///
    /// Sorted by a metric, the first pages come from that metric's index, which has its values in order: no other
    /// run is looked at. Only where that ends are all runs joined and sorted.
    package func listRuns(_ query: RunQuery) throws -> RunPage {
        try foldInbox()
        return try reader.read { connection in
            var numbers: [Int64]?
            if let first = query.sort.first, case .metric = first.column, first.value == .last {
                let found = try connection.runNumbers(query, scan: .metricIndex)
                if found.count > query.limit { numbers = found }
            }
            let found = try numbers ?? connection.runNumbers(query, scan: .runs)
            let records = try connection.records(Array(found.prefix(query.limit)), query.columns, keyNames)
            return RunPage(records: records, hasMore: found.count > query.limit)
        }
    }

    package func record(_ id: RunID) throws -> RunRecord? {
        try foldInbox()
        return try reader.read { connection in
            try connection.runNumber(id).map { try connection.records([$0], .all, keyNames)[0] }
        }
    }
}

extension SQLConnection {
    /// One more than the page holds, if there are more.
    fileprivate func runNumbers(_ query: RunQuery, scan: RunListSQL.Scan) throws -> [Int64] {
        var numbers: [String: Int64] = [:]
        for name in query.keyNames { numbers[name] = try keyNumber(name) }
        let sql = RunListSQL(query, scan: scan, keyNumbers: numbers, dialect: dialect)
        return try all(sql.text, sql.values) { $0.integer(0) }
    }

    /// In the order of `numbers`. A few statements for all runs of a page.
    fileprivate func records(
        _ numbers: [Int64], _ columns: RunColumnSelection, _ keyNames: KeyNames
    ) throws -> [RunRecord] {
        let list = dialect.list(of: numbers)
        let runs = Dictionary(uniqueKeysWithValues: try numberedRuns(dialect.isListed("r.number"), [list]))
        var names = keyNames.known
        var params = RowsByRun<JSONValue>()
        try load("params", "type, text", of: list, columns.params, &names) { run, name, row in
            params.add(try StoredParam(type: row.text(2), text: row.text(3)).value(), name, run: run)
        }
        var metrics = RowsByRun<LatestMetric>()
        var stageNames: [Int64: String] = [:]
        try load("series", "step, timestamp_ms, value, stage", of: list, columns.metrics, &names) { run, name, row in
            let point = MetricPoint(
                step: row.integer(2), timestamp: Timestamp(milliseconds: row.integer(3)),
                value: row.optionalDouble(4) ?? .nan)
            let stage = try row.optionalInteger(5).map { try keyName($0, &stageNames) }
            metrics.add(LatestMetric(point: point, stage: stage), name, run: run)
        }
        var tags = RowsByRun<String>()
        try load("tags", "value", of: list, columns.tags, &names) { tags.add($2.text(2), $1, run: $0) }
        var stages = columns.includesStages ? try stageSummaries(runs: list) : [:]
        keyNames.add(names)
        return try numbers.map { number in
            guard let run = runs[number] else {
                throw ExperimentError.damagedRecord(what: "run number", value: String(number))
            }
            var record = RunRecord(run: run)
            record.params = params.take(number)
            record.metrics = metrics.take(number)
            record.tags = tags.take(number)
            record.stages = stages.removeValue(forKey: number) ?? []
            return record
        }
    }

    /// Hands over what the runs have in a table: run, key's name, and the row with `columns` from 2 on.
    private func load(
        _ table: String, _ columns: String, of runs: SQLValue, _ keys: RunColumnSelection.Keys,
        _ names: inout [Int64: String], _ body: (Int64, String, any SQLRow) throws -> Void
    ) throws {
        if case .none = keys { return }
        var sql = "SELECT run, key, \(columns) FROM \(table) WHERE \(dialect.isListed("run"))"
        var values = [runs]
        // A few of very many are looked up one by one; more of them would take longer than to read past the others.
        let few = 64
        if case .some(let wanted) = keys, wanted.count <= few {
            sql += " AND \(dialect.isListed("key"))"
            values.append(dialect.list(of: try wanted.compactMap { try keyNumber($0) }))
        }
        try withStatement(sql) { statement in
            try statement.forEachRow(values) { row in
                let name = try keyName(row.integer(1), &names)
                if keys.contains(name) { try body(row.integer(0), name, row) }
            }
        }
    }

    private func keyName(_ number: Int64, _ names: inout [Int64: String]) throws -> String {
        if let name = names[number] { return name }
        let name = try first("SELECT name FROM keys WHERE number = ?", .integer(number)) { $0.text(0) }
        guard let name else { throw ExperimentError.damagedRecord(what: "key", value: "number \(number)") }
        names[number] = name
        return name
    }
}

/// Gathers rows that come run by run: a run's dictionary is filled on its own, with room for what the run before had.
///
/// To fill it in its place among those of all runs costs two more look-ups for each row, and to grow it more than
/// to read the row. (No function between this and its concrete type is generic: the compiler would not specialise it.)
private struct RowsByRun<Value> {
    private var complete: [Int64: [String: Value]] = [:]
    private var run: Int64?
    private var values: [String: Value] = [:]

    mutating func add(_ value: Value, _ name: String, run: Int64) {
        if run != self.run { begin(run) }
        values[name] = value
    }

    /// What the run has; once.
    mutating func take(_ run: Int64) -> [String: Value] {
        if self.run != nil { begin(nil) }
        return complete.removeValue(forKey: run) ?? [:]
    }

    private mutating func begin(_ next: Int64?) {
        let room = values.count
        if let run { complete[run] = values }
        run = next
        // A database may go back to a run that it had left.
        let known = next.flatMap { complete.removeValue(forKey: $0) }
        values = known ?? Dictionary(minimumCapacity: next == nil ? 0 : room)
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
    var keyNames: Set<String> {
        Set((sort.map(\.column) + (filter?.columns ?? [])).compactMap(\.keyName))
    }
}
