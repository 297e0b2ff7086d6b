import CSQLite
import Diagnostics
package import SQL
import Synchronization

/// One SQLite file, used by several threads in turn and by several processes at once.
///
/// Responsible for opening (WAL, foreign keys, a limit on waiting), for transactions and for migrations. There is one
/// connection behind one lock: bodies must be short, and must not use the same database again, which would wait
/// for ever. Threads that write at once share a transaction (`WriteGroup`).
package final class Database: SQLDatabase {
    /// The file as errors name it.
    package let path: String
    private let connection: Mutex<Connection>
    private let group = WriteGroup()

    package var dialect: SQLDialect { .sqlite }

    /// Opens the file at `path`, which is made if it does not exist, unless `options` say otherwise. Its folder must
    /// exist. The bytes need not be UTF-8.
    package init(path: [UInt8], options: DatabaseOptions = DatabaseOptions()) throws {
        self.path = String(decoding: path, as: UTF8.self)
        self.connection = Mutex(try Connection.open(path: path, options: options))
    }

    package convenience init(path: String, options: DatabaseOptions = DatabaseOptions()) throws {
        try self.init(path: Array(path.utf8), options: options)
    }

    /// A database that lives as long as the value, in memory.
    package static func inMemory() throws -> Database { try Database(path: ":memory:") }

    /// Everything that `body` reads is of one moment. `body` must not write.
    package func read<T: Sendable>(_ body: (any SQLConnection) throws -> T) throws -> T {
        try connection.withLock { connection in try connection.read(body) }
    }

    /// All that `body` writes is kept, or nothing is if it throws. Other processes' writers are waited for, as long
    /// as the options say; then `DatabaseError.locked`.
    @discardableResult
    package func write<T: Sendable>(_ body: (any SQLConnection) throws -> T) throws -> T {
        try group.run(body) { jobs in connection.withLock { $0.perform(jobs) } }
    }

    @discardableResult
    package func append<T: Sendable>(_ body: (any SQLConnection) throws -> T) throws -> T { try write(body) }

    /// Brings the schema up to date: migration n takes it from version n to n + 1. All pending ones run in one
    /// transaction; a file that is already current costs one read. A file of a newer program is refused, untouched.
    package func migrate(_ migrations: [String]) throws {
        let version = try read { try schemaVersion($0) }
        if version == migrations.count { return }
        try write { connection in
            // Another process may have migrated since.
            let version = try schemaVersion(connection)
            if version > migrations.count {
                throw DatabaseError.tooNew(path: path, version: version, knownVersion: migrations.count)
            }
            for migration in migrations[version...] { try connection.executeScript(migration) }
            try connection.executeScript("PRAGMA user_version = \(migrations.count)")
        }
    }

    /// Copies the whole database, as of one moment, into a new file at `path`, while others go on. `progress` hears how
    /// many bytes are done, and of how many.
    package func backUp(to path: [UInt8], progress: (_ done: Int, _ total: Int) -> Void) throws {
        try connection.withLock { try $0.backUp(to: path, progress: progress) }
    }

    /// Which migration it is at.
    package func version() throws -> Int { try read { try schemaVersion($0) } }

    private func schemaVersion(_ connection: any SQLConnection) throws -> Int {
        try connection.first("PRAGMA user_version") { Int($0.integer(0)) } ?? 0
    }

    /// Moves what the log holds into the main file, as far as readers allow. For a copy of the file, or a test.
    package func checkpoint() throws {
        try connection.withLock { connection in try connection.executeScript("PRAGMA wal_checkpoint(TRUNCATE)") }
    }
}

/// How a database is opened.
package struct DatabaseOptions: Sendable {
    package enum Access: Sendable {
        /// Makes the file if it does not exist.
        case readWriteCreate
        case readWrite
        case readOnly
    }

    /// What a power cut may take.
    package enum Durability: Sendable {
        /// All of a disposable file.
        case none
        /// The last transactions; never the file's consistency.
        case recent
        /// Nothing.
        case full
    }

    package var access: Access = .readWriteCreate
    package var durability: Durability = .recent
    /// How long a writer waits for another process's writer.
    package var lockTimeout: Duration = .seconds(10)
    /// Whether it is written all day, so that memory and a longer log pay: fewer pages are read and written twice.
    package var isBusy = false

    package init() {}

    package init(access: Access, durability: Durability = .recent, lockTimeout: Duration = .seconds(10)) {
        self.access = access
        self.durability = durability
        self.lockTimeout = lockTimeout
    }
}
