/// Where statements run inside a transaction: a connection of SQLite or of PostgreSQL, lent to one body on one thread.
///
/// SQL is written by the callers, once for both where it is the same text, with `?` for values; what differs is asked
/// of `dialect`. Nothing here builds any.
package protocol SQLConnection: AnyObject {
    var dialect: SQLDialect { get }

    /// Lends the prepared form of one statement; it is kept for the next use. For a statement that is run many times.
    func withStatement<T>(_ sql: String, _ body: (any SQLStatement) throws -> T) throws -> T

    /// Runs several statements that take no values: a migration.
    func executeScript(_ sql: String) throws
}

/// A prepared statement, lent to a closure: takes values, answers rows.
package protocol SQLStatement: AnyObject {
    /// Runs it with `values` and lends each row, until `body` answers false. Answers how many rows it changed.
    @discardableResult
    func run(_ values: [SQLValue], _ body: (any SQLRow) throws -> Bool) throws -> Int
}

/// A row of an answer, valid inside the closure that it is lent to. Columns count from 0.
package protocol SQLRow: AnyObject {
    func integer(_ column: Int) -> Int64
    func double(_ column: Int) -> Double
    func text(_ column: Int) -> String
    func bytes(_ column: Int) -> [UInt8]
    func isNull(_ column: Int) -> Bool
    /// The value with the type that it is stored with.
    func value(_ column: Int) -> SQLValue
}

extension SQLRow {
    /// Nil for NULL; the value as it is stored for all else.
    package func optionalInteger(_ column: Int) -> Int64? { isNull(column) ? nil : integer(column) }
    package func optionalDouble(_ column: Int) -> Double? { isNull(column) ? nil : double(column) }
    package func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
    package func optionalBytes(_ column: Int) -> [UInt8]? { isNull(column) ? nil : bytes(column) }
}

extension SQLStatement {
    @discardableResult
    package func run(_ values: SQLValue...) throws -> Int { try run(values) { _ in true } }

    @discardableResult
    package func run(_ values: [SQLValue]) throws -> Int { try run(values) { _ in true } }

    /// Runs it with `values` and lends each row.
    package func forEachRow(_ values: [SQLValue], _ body: (any SQLRow) throws -> Void) throws {
        try run(values) { row in
            try body(row)
            return true
        }
    }
}

extension SQLConnection {
    /// Runs one statement and passes over its rows, if any. Answers how many rows it changed.
    @discardableResult
    package func execute(_ sql: String, _ values: SQLValue...) throws -> Int {
        try withStatement(sql) { try $0.run(values) }
    }

    @discardableResult
    package func execute(_ sql: String, _ values: [SQLValue]) throws -> Int {
        try withStatement(sql) { try $0.run(values) }
    }

    /// The rows that `sql` answers, each turned into a value.
    package func all<T>(_ sql: String, _ values: SQLValue..., row: (any SQLRow) throws -> T) throws -> [T] {
        try all(sql, values, row: row)
    }

    package func all<T>(_ sql: String, _ values: [SQLValue], row: (any SQLRow) throws -> T) throws -> [T] {
        var result: [T] = []
        try withStatement(sql) { statement in
            try statement.forEachRow(values) { result.append(try row($0)) }
        }
        return result
    }

    /// The first row that `sql` answers, or nil if there is none.
    package func first<T>(_ sql: String, _ values: SQLValue..., row: (any SQLRow) throws -> T) throws -> T? {
        try first(sql, values, row: row)
    }

    package func first<T>(_ sql: String, _ values: [SQLValue], row: (any SQLRow) throws -> T) throws -> T? {
        var result: T?
        try withStatement(sql) { statement in
            _ = try statement.run(values) { found in
                result = try row(found)
                return false
            }
        }
        return result
    }

    /// `head` ends before VALUES and `tail` goes on after the last row; each row has as many values as the first. In
    /// as few statements as the database likes: one for all where each is a journey over the network.
    package func insert(
        _ head: String, rows: [[SQLValue]], _ tail: String = "", answer: (any SQLRow) throws -> Void = { _ in }
    ) throws {
        guard let width = rows.first?.count else { return }
        let places = "(" + [String](repeating: "?", count: width).joined(separator: ", ") + ")"
        var rest = rows[...]
        // Few sizes, so that few statements are prepared.
        for size in dialect.rowsPerInsert where rest.count >= size {
            let list = [String](repeating: places, count: size).joined(separator: ", ")
            try withStatement("\(head) VALUES \(list) \(tail)") { statement in
                while rest.count >= size {
                    try statement.forEachRow(size == 1 ? rest[rest.startIndex] : Array(rest.prefix(size).joined())) {
                        try answer($0)
                    }
                    rest = rest.dropFirst(size)
                }
            }
        }
    }
}
