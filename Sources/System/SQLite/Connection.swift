import CSQLite
import Diagnostics
import Glibc
import SQL

/// The one connection of a `Database`, lent to the bodies of its transactions.
///
/// `@unchecked Sendable`: only `Database` makes one, and that lends it only under its lock, so it is used by one thread
/// at a time.
final class Connection: SQLConnection, @unchecked Sendable {
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
        statements.removeAll()
        sqlite3_close_v2(handle)
    }

    var dialect: SQLDialect { .sqlite }

    func withStatement<T>(_ sql: String, _ body: (any SQLStatement) throws -> T) throws -> T {
        let statement = try statements.take(sql) ?? prepare(sql)
        defer {
            statement.reset()
            statements.giveBack(statement, sql: sql)
        }
        return try body(statement)
    }

    func executeScript(_ sql: String) throws {
        try check(sqlite3_exec(handle, sql, nil, nil, nil), sql: sql)
    }

    /// Whether a transaction is open; after some errors, such as a full disk, SQLite has rolled it back by itself.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    func read<T>(_ body: (any SQLConnection) throws -> T) throws -> T {
        try execute("BEGIN")
        do {
            let result = try body(self)
            assert(sqlite3_txn_state(handle, "main") != SQLITE_TXN_WRITE, "a read wrote")
            try execute("COMMIT")
            return result
        } catch {
            if isInTransaction { _ = try? execute("ROLLBACK") }
            throw error
        }
    }

    /// Each job is kept or undone by itself, all that are kept by one commit.
    func perform(_ jobs: [WriteJob]) {
        if jobs.count == 1 { return perform(alone: jobs[0]) }
        do {
            try execute("BEGIN IMMEDIATE")
            for job in jobs { try performPart(job) }
            try execute("COMMIT")
        } catch {
            if isInTransaction { _ = try? execute("ROLLBACK") }
            // What one of them met, such as a full disk, may not concern the others.
            for job in jobs where job.error == nil { perform(alone: job) }
        }
    }

    private func perform(alone job: WriteJob) {
        do {
            try execute("BEGIN IMMEDIATE")
            try job.run(on: self)
            try execute("COMMIT")
        } catch {
            if isInTransaction { _ = try? execute("ROLLBACK") }
            job.fail(error)
        }
    }

    /// Throws only if the whole transaction is lost.
    private func performPart(_ job: WriteJob) throws {
        try execute("SAVEPOINT job")
        do {
            try job.run(on: self)
        } catch {
            if !isInTransaction { throw error }
            try execute("ROLLBACK TO job")
        }
        try execute("RELEASE job")
    }

    private func prepare(_ sql: String) throws(DatabaseError) -> Statement {
        var statement: OpaquePointer?
        try check(sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil), sql: sql)
        guard let statement else { throw .failed(path: path, code: SQLITE_MISUSE, reason: "empty statement", sql: sql) }
        return Statement(handle: statement, connection: handle, path: path)
    }

    private func configure(_ options: DatabaseOptions) throws(DatabaseError) {
        sqlite3_extended_result_codes(handle, 1)
        sqlite3_busy_timeout(handle, Int32(clamping: Int64(options.lockTimeout / .milliseconds(1))))
        // Folding the log into the file at each end of a short command would cost two fsyncs. But the next one reads
        // the whole log before anything else: it stays short.
        sqlite_keep_log_on_close(handle)
        try check(defineRegularExpressions(handle), sql: nil)
        let durability =
            switch options.durability {
            case .none: "OFF"
            case .recent: "NORMAL"
            case .full: "FULL"
            }
        var script = "PRAGMA foreign_keys = ON; PRAGMA synchronous = \(durability)"
        // In pages: 16 MiB for what runs all day.
        script += "; PRAGMA wal_autocheckpoint = \(options.isBusy ? 4000 : 200)"
        if options.isBusy { script += "; PRAGMA cache_size = -8192" }
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
    private var idle: [String: Statement] = [:]

    func take(_ sql: String) -> Statement? { idle.removeValue(forKey: sql) }

    func giveBack(_ statement: Statement, sql: String) {
        if idle.count >= Self.capacity { removeAll() }
        idle[sql] = statement
    }

    func removeAll() { idle = [:] }
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
