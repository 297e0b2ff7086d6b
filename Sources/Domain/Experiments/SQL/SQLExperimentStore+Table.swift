import JSON
import SQL

extension SQLExperimentStore: RunTable {
    package func countRuns(_ query: RunQuery) throws -> Int {
        try foldInbox()
        return try reader.read { connection in
            let sql = RunListSQL(
                counting: query, keyNumbers: try connection.keyNumbers(of: query.keyNames), dialect: connection.dialect)
            return try connection.first(sql.text, sql.values) { Int($0.integer(0)) } ?? 0
        }
    }

    package func groupRuns(
        _ query: RunQuery, by column: RunColumn, metrics: [String], limit: Int
    ) throws -> [RunGroup] {
        try foldInbox()
        return try reader.read { connection in
            let names = query.keyNames.union(metrics + [column.keyName].compactMap { $0 })
            let sql = RunListSQL(
                grouping: query, by: column, metrics: metrics, limit: limit,
                keyNumbers: try connection.keyNumbers(of: names), dialect: connection.dialect)
            let groups = try connection.all(sql.text, sql.values) { row in
                RunGroup(
                    value: try Self.groupValue(row, column), count: Int(row.integer(0)),
                    metrics: Self.ranges(row, metrics))
            }
            return groups.sorted { Self.isBefore($0.value, $1.value) }
        }
    }

    package func varyingKeys(_ query: RunQuery, sample: Int) throws -> VaryingKeys {
        var query = query
        query.limit = sample
        query.offset = 0
        query.columns = .all
        query.columns.includesStages = false
        let records = try listRuns(query).records
        return VaryingKeys(
            params: varying(records.map(\.params)),
            metrics: varying(records.map { $0.metrics.mapValues(\.value.bitPattern) }),
            tags: varying(records.map(\.tags)), runCount: records.count)
    }

    /// SQLite's number changes when another connection has written. PostgreSQL has none of the kind: the list of its
    /// transactions that run, as a whole, for one that was running at the last look shows only there that it is done.
    /// Those of other databases of the server are in the list too: a false alarm, and never a missed one.
    package func changeMarker() throws -> String {
        try database.read { connection in
            let sql =
                switch connection.dialect {
                case .sqlite: "PRAGMA data_version"
                case .postgresql: "SELECT txid_current_snapshot()::text"
                }
            return try connection.first(sql) { $0.text(0) } ?? ""
        }
    }

    private func varying<Value: Equatable>(_ rows: [[String: Value]]) -> [String] {
        guard let first = rows.first else { return [] }
        var candidates = Set(rows.flatMap(\.keys))
        var result: [String] = []
        for row in rows.dropFirst() {
            for key in candidates where row[key] != first[key] {
                result.append(key)
                candidates.remove(key)
            }
        }
        return result.sorted()
    }

    /// Columns of the row: count, text, number, type of a param, then mean, least, greatest and count of each metric.
    private static func groupValue(_ row: any SQLRow, _ column: RunColumn) throws -> JSONValue {
        if !row.isNull(3) { return try StoredParam(type: row.text(3), text: row.text(1)).value() }
        if let number = row.optionalDouble(2) { return .number(number) }
        return row.isNull(1) ? .null : .string(row.text(1))
    }

    private static func ranges(_ row: any SQLRow, _ metrics: [String]) -> [String: RunGroup.Range] {
        var ranges: [String: RunGroup.Range] = [:]
        for (index, name) in metrics.enumerated() {
            let start = 4 + 4 * index
            guard let mean = row.optionalDouble(start), let minimum = row.optionalDouble(start + 1),
                let maximum = row.optionalDouble(start + 2)
            else { continue }
            ranges[name] = RunGroup.Range(
                mean: mean, minimum: minimum, maximum: maximum, count: Int(row.integer(start + 3)))
        }
        return ranges
    }

    /// Numbers by size, then texts by letters, then runs without a value.
    private static func isBefore(_ a: JSONValue, _ b: JSONValue) -> Bool {
        switch (a.asNumber, b.asNumber) {
        case (let a?, let b?): return a < b
        case (nil, nil): return b == .null ? a != .null : a != .null && a.text() < b.text()
        case (let number, _): return number != nil
        }
    }
}

extension SQLConnection {
    fileprivate func keyNumbers(of names: Set<String>) throws -> [String: Int64] {
        var numbers: [String: Int64] = [:]
        for name in names { numbers[name] = try keyNumber(name) }
        return numbers
    }
}
