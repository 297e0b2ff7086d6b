import Glibc
package import SQL

/// A PostgreSQL database, used by several threads and by several processes at once.
///
/// Each body has a connection of a small pool for itself. Writers come one after the other, here by `WriteGroup` and
/// among processes by an advisory lock, as they do in SQLite: what a body has read stays true until it is done. That is
/// slow only where many write, and what many do is to append, which does not take the lock.
///
/// A broken connection is made again, and the body that met it runs again. If it broke while a commit was on its way,
/// the server is asked what became of that transaction: nothing is done twice.
package final class PostgreSQLDatabase: SQLDatabase {
    package let address: PostgreSQLAddress
    private let pool: ConnectionPool
    private let group = WriteGroup()

    /// "repro" and what is locked: all writing.
    private static let writeLock: Int64 = 0x7265_7072_6f01

    /// Connects, so that a wrong address is found at once.
    package init(_ address: PostgreSQLAddress, mostConnections: Int = 10) throws {
        self.address = address
        pool = ConnectionPool(address, most: mostConnections)
        pool.giveBack(try pool.take())
    }

    package var dialect: SQLDialect { .postgresql }

    package func read<T: Sendable>(_ body: (any SQLConnection) throws -> T) throws -> T {
        try withConnection(attempts: 2) { connection in
            try connection.transaction("BEGIN READ ONLY ISOLATION LEVEL REPEATABLE READ") { try body(connection) }
        }
    }

    @discardableResult
    package func append<T: Sendable>(_ body: (any SQLConnection) throws -> T) throws -> T {
        // The commit may have been kept although its answer was lost: whoever appends does not mind to do it twice.
        try withConnection(attempts: 4) { connection in try connection.transaction("BEGIN") { try body(connection) } }
    }

    @discardableResult
    package func write<T: Sendable>(_ body: (any SQLConnection) throws -> T) throws -> T {
        try group.run(body) { jobs in
            do {
                try perform(jobs)
            } catch {
                for job in jobs where job.error == nil { job.fail(error) }
            }
        }
    }

    package func checkpoint() throws {}

    package func migrate(_ migrations: [String]) throws {
        let version = try read { try Self.schemaVersion($0) }
        if version == migrations.count { return }
        try write { connection in
            // Another process may have migrated since.
            let version = try Self.schemaVersion(connection)
            if version > migrations.count {
                throw PostgreSQLError.tooNew(
                    database: address.description, version: version, knownVersion: migrations.count)
            }
            try connection.executeScript("CREATE TABLE IF NOT EXISTS repro_schema (version BIGINT NOT NULL)")
            for migration in migrations[version...] { try connection.executeScript(migration) }
            try connection.executeScript("DELETE FROM repro_schema")
            try connection.execute("INSERT INTO repro_schema VALUES (?)", SQLValue(migrations.count))
        }
    }

    /// Which migration it is at; 0 for a database without our tables.
    package func version() throws -> Int { try read { try Self.schemaVersion($0) } }

    private static func schemaVersion(_ connection: any SQLConnection) throws -> Int {
        let isThere = try connection.first("SELECT to_regclass('repro_schema') IS NOT NULL") { $0.integer(0) != 0 }
        if isThere != true { return 0 }
        return try connection.first("SELECT version FROM repro_schema") { Int($0.integer(0)) } ?? 0
    }

    /// Runs `body`, and again on a new connection if the one it had is lost, or if the server asks for it.
    private func withConnection<T>(attempts: Int, _ body: (PostgreSQLConnection) throws -> T) throws -> T {
        for attempt in 1...attempts {
            let connection = try pool.take()
            defer { pool.giveBack(connection) }
            do {
                return try body(connection)
            } catch {
                guard attempt < attempts, let known = error as? PostgreSQLError, known.mayBeTriedAgain else {
                    throw error
                }
                pool.forgetIdle(if: known.isLostConnection)
            }
        }
        throw PostgreSQLError.mustRetry(database: address.description)
    }

    // MARK: Writing

    private func perform(_ jobs: [WriteJob]) throws {
        for _ in 1...3 {
            if try performOnce(jobs) { return }
            for job in jobs { job.reset() }
        }
        throw PostgreSQLError.mustRetry(database: address.description)
    }

    /// False if nothing was kept and it may be tried again.
    private func performOnce(_ jobs: [WriteJob]) throws -> Bool {
        let connection = try pool.take()
        defer { pool.giveBack(connection) }
        let transaction: String?
        do {
            try connection.command("BEGIN")
            transaction = try connection.first(
                "SELECT pg_current_xact_id()::text FROM pg_advisory_xact_lock(?)", .integer(Self.writeLock)
            ) { $0.text(0) }
            try connection.run(jobs)
        } catch {
            try? connection.rollBack()
            guard let known = error as? PostgreSQLError, known.mayBeTriedAgain else { throw error }
            pool.forgetIdle(if: known.isLostConnection)
            return false
        }
        return try commit(connection, transaction)
    }

    /// Whether it was kept. Throws if that cannot be known.
    private func commit(_ connection: PostgreSQLConnection, _ transaction: String?) throws -> Bool {
        do {
            try connection.command("COMMIT")
            return true
        } catch {
            guard error.isLostConnection, let transaction else { throw error }
            pool.forgetIdle(if: true)
            // The server may still be at it.
            for _ in 0..<50 {
                let other = try pool.take()
                defer { pool.giveBack(other) }
                let state = try other.first("SELECT pg_xact_status(?::text::xid8)", .text(transaction)) { $0.text(0) }
                if state == "committed" { return true }
                if state == "aborted" { return false }
                usleep(20_000)
            }
            throw error
        }
    }
}

extension PostgreSQLError {
    fileprivate var mayBeTriedAgain: Bool {
        if case .mustRetry = self { return true }
        return isLostConnection
    }
}

extension PostgreSQLConnection {
    func transaction<T>(_ begin: String, _ body: () throws -> T) throws -> T {
        do {
            try command(begin)
            let result = try body()
            try command("COMMIT")
            return result
        } catch {
            try? rollBack()
            throw error
        }
    }

    func rollBack() throws(PostgreSQLError) {
        if isUsable, isInTransaction { try command("ROLLBACK") }
    }

    /// Each job is kept or undone by itself.
    func run(_ jobs: [WriteJob]) throws {
        if jobs.count == 1 {
            do {
                return try jobs[0].run(on: self)
            } catch {
                if let known = error as? PostgreSQLError, known.mayBeTriedAgain { throw error }
                // The job knows. What follows is a commit of nothing.
                return try command("ROLLBACK AND CHAIN")
            }
        }
        for job in jobs {
            try command("SAVEPOINT job")
            do {
                try job.run(on: self)
            } catch {
                if let known = error as? PostgreSQLError, known.mayBeTriedAgain { throw error }
                try command("ROLLBACK TO job")
            }
            try command("RELEASE job")
        }
    }
}
