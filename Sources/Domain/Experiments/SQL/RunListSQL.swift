import SQL

/// Writes the SQL of a list of runs: the one place where a filter and an order become a query.
///
/// Values never enter the text; they are bound. A key that nothing ever logged has the number -1, so that its
/// conditions find nothing by themselves.
struct RunListSQL {
    /// Where the rows come from; see `listRuns`.
    enum Scan {
        /// Along the index of the first sort key's metric: only the runs that have a number there, already in order.
        case metricIndex
        /// All runs.
        case runs
    }

    private(set) var text = ""
    private(set) var values: [SQLValue] = []
    private let keyNumbers: [String: Int64]
    private let dialect: SQLDialect
    private let sortsParamsAsText: Bool
    /// The run's number in the table that is read first, so that a run that does not pass is not even looked up.
    private let runNumber: String
    /// The metric along whose index the runs are read; its value is at hand as `s0.value`.
    private let walkedMetric: RunColumn?

    init(_ query: RunQuery, scan: Scan, keyNumbers: [String: Int64], dialect: SQLDialect) {
        self.dialect = dialect
        sortsParamsAsText = query.sortsParamsAsText
        self.keyNumbers = keyNumbers
        self.runNumber = scan == .metricIndex ? "s0.run" : "r.number"
        self.walkedMetric = scan == .metricIndex ? query.sort.first?.column : nil
        text = "SELECT r.number FROM "
        let order = writeSources(query.sort, scan: scan)
        writeCondition(query)
        text += " ORDER BY " + (order + ["r.started_ms DESC", "r.id"]).joined(separator: ", ") + " LIMIT ? OFFSET ?"
        values += [SQLValue(query.limit == .max ? query.limit : query.limit + 1), SQLValue(query.offset)]
    }

    /// How many runs there are, whatever limit and order say.
    init(counting query: RunQuery, keyNumbers: [String: Int64], dialect: SQLDialect) {
        self.init(keyNumbers: keyNumbers, dialect: dialect)
        text = "SELECT count(*) FROM runs r"
        writeCondition(query)
    }

    /// How many runs there are with each value of a column: count, text, number, type of a param; then mean, least,
    /// greatest and count of each metric.
    init(
        grouping query: RunQuery, by column: RunColumn, metrics: [String], limit: Int, keyNumbers: [String: Int64],
        dialect: SQLDialect
    ) {
        self.init(keyNumbers: keyNumbers, dialect: dialect)
        var number = "NULL"
        var type = "NULL"
        var value = "s0.value"
        switch column {
        case .attribute(let attribute): value = attribute.expression(dialect)
        case .metric: (value, number) = ("NULL", "s0.value")
        case .param: (value, number, type) = ("s0.text", "s0.number", "s0.type")
        case .tag: break
        case .stage(_, let field): value = "s0.\(field.columnName)"
        }
        if case .attribute(let attribute) = column, attribute.isNumber { (value, number) = ("NULL", value) }
        if case .stage(_, let field) = column, field != .state { (value, number) = ("NULL", value) }
        text = "SELECT count(*) AS n, \(value) AS v, \(number) AS x, \(type) AS t"
        for index in metrics.indices {
            text += ", avg(m\(index).value), min(m\(index).value), max(m\(index).value), count(m\(index).value)"
        }
        text += " FROM "
        _ = writeSources([RunSort(column)], scan: .runs)
        for (index, metric) in metrics.enumerated() { join("series", "m\(index)", key: metric) }
        writeCondition(query)
        text += " GROUP BY v, x, t ORDER BY n DESC LIMIT ?"
        values.append(SQLValue(limit))
    }

    private init(keyNumbers: [String: Int64], dialect: SQLDialect) {
        self.keyNumbers = keyNumbers
        self.dialect = dialect
        sortsParamsAsText = false
        runNumber = "r.number"
        walkedMetric = nil
    }

    private mutating func writeCondition(_ query: RunQuery) {
        text += " WHERE " + condition(query)
        if let filter = query.filter {
            text += " AND "
            write(filter)
        }
    }

    fileprivate func keyNumber(_ name: String) -> Int64 { keyNumbers[name] ?? -1 }

    private func condition(_ query: RunQuery) -> String {
        let lifecycle =
            switch query.lifecycle {
            case .active: "r.deleted_ms IS NULL"
            case .deleted: "r.deleted_ms IS NOT NULL"
            case .all: "TRUE"
            }
        guard let experiments = query.experiments else { return lifecycle }
        return lifecycle + " AND " + isOne(of: experiments, "r.experiment")
    }

    /// Writes the tables and answers the order.
    private mutating func writeSources(_ sort: [RunSort], scan: Scan) -> [String] {
        var order: [String] = []
        if scan == .metricIndex, case .metric(let name)? = sort.first?.column {
            // SQLite is told the way; PostgreSQL finds it, or a better one.
            let join = dialect == .sqlite ? "series s0 INDEXED BY series_by_value CROSS JOIN" : "series s0 JOIN"
            text += "\(join) runs r ON r.number = s0.run AND s0.key = ? AND s0.value IS NOT NULL"
            values.append(.integer(keyNumber(name)))
        } else {
            text += "runs r"
        }
        for (index, key) in sort.enumerated() {
            let direction = key.direction == .ascending ? "ASC" : "DESC"
            if index == 0, scan == .metricIndex, case .metric = key.column {
                order.append("s0.value \(direction)")
                continue
            }
            let alias = "s\(index)"
            let columns: [String]
            switch key.column {
            case .attribute(let attribute): columns = [attribute.expression(dialect)]
            case .metric(let name) where key.value != .last:
                joinExtreme(key.value, alias, key: name)
                columns = ["\(alias).value"]
            case .metric(let name):
                join("series", alias, key: name)
                // Values, then NaN, then runs without the metric.
                order.append("\(alias).run IS NULL")
                columns = ["\(alias).value"]
            case .param(let name):
                join("params", alias, key: name)
                // Numbers by size, then text by letters.
                order.append("\(alias).run IS NULL")
                columns = (sortsParamsAsText ? [] : ["\(alias).number"]) + ["\(alias).text"]
            case .tag(let name):
                join("tags", alias, key: name)
                columns = ["\(alias).value"]
            case .stage(let name, let field):
                // The view has one stage of many; by itself SQLite would make the whole view first.
                text += " LEFT JOIN (SELECT * FROM run_stages WHERE stage = ?) \(alias) ON \(alias).run = r.number"
                values.append(.integer(keyNumber(name)))
                columns = ["\(alias).\(field.columnName)"]
            }
            for column in columns { order += ["\(column) IS NULL", "\(column) \(direction)"] }
        }
        return order
    }

    private mutating func join(_ table: String, _ alias: String, key: String) {
        text += " LEFT JOIN \(table) \(alias) ON \(alias).run = r.number AND \(alias).key = ?"
        values.append(.integer(keyNumber(key)))
    }
}

extension RunListSQL {
    /// The least or greatest number of a series, wherever its points are kept.
    private mutating func joinExtreme(_ value: RunSort.Value, _ alias: String, key: String) {
        let (function, ofChunk) = value == .least ? ("min", "minimum") : ("max", "maximum")
        let parts = [
            ("series", dialect.numberOrNull("value")), ("points", dialect.numberOrNull("value")), ("chunks", ofChunk),
        ]
        let all = parts.map { "SELECT \($0.1) AS v FROM \($0.0) WHERE run = x.number AND key = ?" }
        text += """
             LEFT JOIN (SELECT x.number AS run, (SELECT \(function)(v) FROM (\(all.joined(separator: " UNION ALL "))) AS a) \
            AS value FROM runs x) \(alias) ON \(alias).run = r.number
            """
        values += parts.map { _ in .integer(keyNumber(key)) }
    }
}

extension SQLDialect {
    /// NaN as NULL, which is passed over: SQLite has it as a text in `points`.
    fileprivate func numberOrNull(_ column: String) -> String {
        switch self {
        case .sqlite: "CASE typeof(\(column)) WHEN 'text' THEN NULL ELSE \(column) END"
        case .postgresql: "nullif(\(column), 'NaN'::float8)"
        }
    }
}

// MARK: Filters

extension RunListSQL {
    private mutating func write(_ filter: RunFilter) {
        switch filter {
        case .all(let parts): write(parts, joinedBy: " AND ", whenEmpty: "TRUE")
        case .any(let parts): write(parts, joinedBy: " OR ", whenEmpty: "FALSE")
        case .not(let part):
            // Also turns "unknown" into true: a condition is true or it is not.
            text += "(("
            write(part)
            text += ") IS NOT TRUE)"
        case .condition(let column, let test): write(column, test)
        }
    }

    private mutating func write(_ parts: [RunFilter], joinedBy separator: String, whenEmpty: String) {
        text += "(" + (parts.isEmpty ? whenEmpty : "")
        for (index, part) in parts.enumerated() {
            if index > 0 { text += separator }
            write(part)
        }
        text += ")"
    }

    private mutating func write(_ column: RunColumn, _ test: RunTest) {
        switch column {
        case walkedMetric: write(test, on: "s0.value", number: "s0.value")
        case .attribute(let attribute):
            let expression = attribute.expression(dialect)
            write(test, on: expression, number: expression)
        case .metric(let key): write(test, in: "series", key: key, text: "value", number: "value")
        case .param(let key): write(test, in: "params", key: key, text: "text", number: "number")
        case .tag(let key): write(test, in: "tags", key: key, text: "value", number: "value")
        case .stage(let name, let field):
            let expression = field.columnName
            write(
                test, in: "run_stages", key: name, keyColumn: "stage", text: expression, number: field.numberExpression)
        }
    }

    /// A test of something that a run may lack: the runs that have it and pass.
    private mutating func write(
        _ test: RunTest, in table: String, key: String, keyColumn: String = "key", text: String, number: String
    ) {
        // The plus keeps SQLite from starting with this condition's runs, which it would then have to sort.
        self.text += "+\(runNumber) \(test == .isAbsent ? "NOT IN" : "IN")"
        self.text += " (SELECT run FROM \(table) WHERE \(keyColumn) = ?"
        values.append(.integer(keyNumber(key)))
        let isStage = table == "run_stages"
        if isStage {
            // The stage may be there and its field not.
            if test == .isAbsent || test == .isPresent { self.text += " AND \(text) IS NOT NULL" }
        }
        if test != .isAbsent, test != .isPresent {
            self.text += " AND ("
            write(test, on: text, number: number, nullDiffers: !isStage)
            self.text += ")"
        }
        self.text += ")"
    }

    /// `nullDiffers`: a NULL is not absence, but a NaN or a text, which differ from every number.
    private mutating func write(_ test: RunTest, on text: String, number: String, nullDiffers: Bool = false) {
        switch test {
        case .compare(let comparison, .number(let value)) where value.isNaN:
            switch comparison {
            case .equal: self.text += "\(number) IS NULL"
            case .notEqual: self.text += "\(number) IS NOT NULL"
            case .less, .lessOrEqual, .greater, .greaterOrEqual: self.text += "FALSE"
            }
        case .compare(.notEqual, .number(let value)) where nullDiffers:
            bind("\(number) \(dialect.isDistinctFrom) \(dialect.number)", .real(value))
        case .compare(let comparison, .number(let value)):
            bind("\(number) \(comparison.rawValue) \(dialect.number)", .real(value))
        case .compare(let comparison, .text(let value)): bind("\(text) \(comparison.rawValue) ?", .text(value))
        case .like(let pattern, let letterCase): bindPattern(text, "", pattern, letterCase)
        case .unlike(let pattern, let letterCase): bindPattern(text, "NOT ", pattern, letterCase)
        case .matches(let pattern): bind("\(text) \(dialect.matches) ?", .text(pattern))
        case .doesNotMatch(let pattern): bind("NOT \(text) \(dialect.matches) ?", .text(pattern))
        case .oneOf(let items): writeList(items, "IN", text, number)
        case .noneOf(let items):
            if nullDiffers, case .number? = items.first { self.text += "\(number) IS NULL OR " }
            writeList(items, "NOT IN", text, number)
        case .isAbsent: self.text += "\(text) IS NULL"
        case .isPresent: self.text += "\(text) IS NOT NULL"
        }
    }

    private mutating func writeList(_ items: [FilterValue], _ word: String, _ text: String, _ number: String) {
        let isNumbers = if case .number? = items.first { true } else { false }
        let places = [String](repeating: isNumbers ? dialect.number : "?", count: items.count).joined(separator: ", ")
        self.text += "\(isNumbers ? number : text) \(word) (\(places))"
        values += items.map { item in
            switch item {
            case .text(let value): .text(value)
            case .number(let value): .real(value)
            }
        }
    }

    private mutating func bindPattern(_ text: String, _ not: String, _ pattern: String, _ letterCase: RunTest.CaseRule)
    {
        switch (dialect, letterCase) {
        case (.sqlite, .insensitive): bind("\(text) \(not)LIKE ?", .text(pattern))
        case (.sqlite, .sensitive): bind("\(text) \(not)GLOB ?", .text(globPattern(like: pattern)))
        case (.postgresql, .insensitive): bind("\(text) \(not)ILIKE ? ESCAPE ''", .text(pattern))
        case (.postgresql, .sensitive): bind("\(text) \(not)LIKE ? ESCAPE ''", .text(pattern))
        }
    }

    private mutating func bind(_ sql: String, _ value: SQLValue) {
        text += sql
        values.append(value)
    }
}

extension RunAttribute {
    fileprivate var isNumber: Bool { [.startTime, .endTime, .duration].contains(self) }

    fileprivate func expression(_ dialect: SQLDialect) -> String {
        switch self {
        case .id: "r.id"
        case .name: "r.name"
        case .status: "r.status"
        case .experiment: "(SELECT name FROM experiments e WHERE e.id = r.experiment)"
        case .user: "r.\"user\""
        case .host: "r.host"
        case .command: dialect.joined(json: "r.command")
        case .commit: "r.git_commit"
        case .branch: "r.git_branch"
        case .failure: "r.failure"
        case .startTime: "r.started_ms"
        case .endTime: "r.ended_ms"
        case .duration: "((coalesce(r.ended_ms, r.heartbeat_ms) - r.started_ms) / 1000.0)"
        }
    }
}

extension StageField {
    fileprivate var columnName: String {
        switch self {
        case .state: "state"
        case .duration: "duration_ms"
        case .exitCode: "exit_code"
        }
    }

    fileprivate var numberExpression: String { self == .duration ? "(duration_ms / 1000.0)" : columnName }
}

/// A condition that `column` is one of the experiments.
func isOne(of experiments: [ExperimentID], _ column: String) -> String {
    if experiments.isEmpty { return "FALSE" }
    return "\(column) IN (\(experiments.map { String($0.number) }.joined(separator: ", ")))"
}

/// LIKE with regard to case, as SQLite can do it: `%` is `*`, `_` is `?`, and GLOB's own signs stand for themselves.
func globPattern(like pattern: String) -> String {
    pattern.reduce(into: "") { glob, character in
        switch character {
        case "%": glob += "*"
        case "_": glob += "?"
        case "*", "?", "[": glob += "[\(character)]"
        default: glob.append(character)
        }
    }
}
