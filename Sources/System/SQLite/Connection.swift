import CSQLite
import Diagnostics
import Glibc

/// The one connection of a `Database`, lent to the bodies of its transactions.
///
/// `@unchecked Sendable`: it cannot be copied, only `Database` makes one, and that lends it only under its lock, so
/// it is used by one thread at a time.
package struct Connection: ~Copyable, @unchecked Sendable {
    enum Mode: String {
        case read = "BEGIN"
        case write = "BEGIN IMMEDIATE"
    }

    let handle: OpaquePointer
    let path: String
    private let statements = StatementCache()

    private init(handle: OpaquePointer, path: String) {
        self.handle = handle
        self.path = path
    }

    static func open(path bytes: [UInt8], options: DatabaseOptions) throws(DatabaseError) -> Connection {
        let path = String(decoding: bytes, as: UTF8.self)
        var opened: OpaquePointer?
        let code = (bytes + [0]).withUnsafeBytes { buffer in
            // Not serialised by SQLite: the lock of Database does that.
            sqlite3_open_v2(
                buffer.bindMemory(to: CChar.self).baseAddress, &opened, options.access.flags | SQLITE_OPEN_NOMUTEX, nil)
        }
        guard let opened else { throw .failed(path: path, code: SQLITE_NOMEM, reason: "out of memory", sql: nil) }
        // From here on `deinit` closes the handle, also when this throws.
        let connection = Connection(handle: opened, path: path)
        try connection.check(code, sql: nil)
        try connection.configure(options)
        return connection
    }

    deinit {
        statements.finalizeAll()
        sqlite3_close_v2(handle)
    }

    /// Runs one statement that answers no rows.
    package func execute(_ sql: String, _ values: SQLValue...) throws {
        try withStatement(sql) { try $0.run(values) }
    }

    /// The rows that `sql` answers, each turned into a value.
    package func all<T>(_ sql: String, _ values: SQLValue..., row: (borrowing Statement) throws -> T) throws -> [T] {
        try all(sql, values, row: row)
    }

    package func all<T>(_ sql: String, _ values: [SQLValue], row: (borrowing Statement) throws -> T) throws -> [T] {
        var result: [T] = []
        try withStatement(sql) { statement in
            try statement.forEachRow(values) { result.append(try row($0)) }
        }
        return result
    }

    /// The first row that `sql` answers, or nil if there is none.
    package func first<T>(_ sql: String, _ values: SQLValue..., row: (borrowing Statement) throws -> T) throws -> T? {
        try withStatement(sql) { statement in
            try statement.bind(values)
            return try statement.step() ? try row(statement) : nil
        }
    }

    /// Lends the prepared form of one statement; it is kept for the next use. For a statement run many times.
    package func withStatement<T>(_ sql: String, _ body: (borrowing Statement) throws -> T) throws -> T {
        let prepared = try statements.take(sql) ?? prepare(sql)
        let statement = Statement(handle: prepared, connection: handle, path: path)
        defer {
            statement.reset()
            statements.giveBack(prepared, sql: sql)
        }
        return try body(statement)
    }

    /// Runs several statements that take no values: a migration, a pragma.
    package func executeScript(_ sql: String) throws {
        try check(sqlite3_exec(handle, sql, nil, nil, nil), sql: sql)
    }

    /// The rowid of the last insert into a table that has rowids.
    package var lastInsertedRowID: Int64 { sqlite3_last_insert_rowid(handle) }

    /// How many rows the last insert, update or delete changed.
    package var changedRowCount: Int { Int(sqlite3_changes64(handle)) }

    /// Which migration the file is at.
    func schemaVersion() throws -> Int {
        try first("PRAGMA user_version") { Int($0.integer(0)) } ?? 0
    }

    func transaction<T>(_ mode: Mode, _ body: (borrowing Connection) throws -> T) throws -> T {
        try execute(mode.rawValue)
        do {
            let result = try body(self)
            assert(mode == .write || sqlite3_txn_state(handle, "main") != SQLITE_TXN_WRITE, "a read wrote")
            try execute("COMMIT")
            return result
        } catch {
            // SQLite has already rolled back after some errors, such as a full disk.
            if sqlite3_get_autocommit(handle) == 0 { try? execute("ROLLBACK") }
            throw error
        }
    }

    private func prepare(_ sql: String) throws(DatabaseError) -> OpaquePointer {
        var statement: OpaquePointer?
        try check(sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil), sql: sql)
        guard let statement else { throw .failed(path: path, code: SQLITE_MISUSE, reason: "empty statement", sql: sql) }
        return statement
    }

    private func configure(_ options: DatabaseOptions) throws(DatabaseError) {
        sqlite3_extended_result_codes(handle, 1)
        sqlite3_busy_timeout(handle, Int32(clamping: Int64(options.lockTimeout / .milliseconds(1))))
        // Folding the log into the file at each end of a short command would cost two fsyncs; every 1,000 pages do.
        sqlite_keep_log_on_close(handle)
        try check(defineRegularExpressions(handle), sql: nil)
        let durability =
            switch options.durability {
            case .none: "OFF"
            case .recent: "NORMAL"
            case .full: "FULL"
            }
        let script = "PRAGMA foreign_keys = ON; PRAGMA synchronous = \(durability)"
        try check(sqlite3_exec(handle, script, nil, nil, nil), sql: script)
        if options.access == .readOnly { return }
        let log = "PRAGMA journal_mode = WAL"
        var code = sqlite3_exec(handle, log, nil, nil, nil)
        // Two processes that make the file at once: this change does not wait for the lock by itself.
        var attempts = 0
        while code & 0xff == SQLITE_BUSY, attempts < 200 {
            sqlite3_sleep(5)
            attempts += 1
            code = sqlite3_exec(handle, log, nil, nil, nil)
        }
        try check(code, sql: log)
    }

    private func check(_ code: Int32, sql: String?) throws(DatabaseError) {
        if code != SQLITE_OK { throw lastError(code, connection: handle, path: path, sql: sql) }
    }
}

extension DatabaseOptions.Access {
    fileprivate var flags: Int32 {
        switch self {
        case .readWriteCreate: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        case .readWrite: SQLITE_OPEN_READWRITE
        case .readOnly: SQLITE_OPEN_READONLY
        }
    }
}

/// Prepared statements by their text. One in use is out of the cache, so that its text can be used inside its own
/// loop.
private final class StatementCache {
    private static let capacity = 100
    private var idle: [String: OpaquePointer] = [:]

    func take(_ sql: String) -> OpaquePointer? { idle.removeValue(forKey: sql) }

    func giveBack(_ statement: OpaquePointer, sql: String) {
        if idle.count >= Self.capacity { finalizeAll() }
        if let other = idle.updateValue(statement, forKey: sql) { sqlite3_finalize(other) }
    }

    func finalizeAll() {
        for statement in idle.values { sqlite3_finalize(statement) }
        idle = [:]
    }
}

/// The one table from SQLite's codes to our error.
func lastError(_ code: Int32, connection: OpaquePointer, path: String, sql: String?) -> DatabaseError {
    let reason = String(cString: sqlite3_errmsg(connection))
    switch code & 0xff {
    case SQLITE_BUSY, SQLITE_LOCKED: return .locked(path: path)
    case SQLITE_FULL: return .diskFull(path: path)
    case SQLITE_NOTADB: return .notADatabase(path: path)
    case SQLITE_CORRUPT: return .corrupt(path: path, reason: reason)
    case SQLITE_READONLY: return .readOnly(path: path)
    case SQLITE_PERM, SQLITE_AUTH: return .denied(path: path)
    case SQLITE_CANTOPEN:
        let number = sqlite3_system_errno(connection)
        if number == EACCES || number == EPERM { return .denied(path: path) }
        return .cannotOpen(path: path, reason: number == 0 ? reason : String(cString: strerror(number)))
    case SQLITE_CONSTRAINT: return .constraint(path: path, reason: reason, sql: sql ?? "")
    case SQLITE_IOERR where sqlite3_system_errno(connection) == ENOSPC: return .diskFull(path: path)
    default: return .failed(path: path, code: code, reason: reason, sql: sql)
    }
}
