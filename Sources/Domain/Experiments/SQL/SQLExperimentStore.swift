package import Diagnostics
package import Files
import PostgreSQL
import SQL
package import SQLite

/// The store of a project or of a team: one SQLite file or one PostgreSQL database, used by any number of processes at
/// once. What the two do differently is in `SQLDatabase` and `SQLDialect`; the SQL is the same.
///
/// The database is precious: nothing in it can be made again. Its tables are in Schema.swift. Reads and writes of one
/// subject are in one file each: `+Runs`, `+Logging`, `+Stages`, `+Listing`.
package final class SQLExperimentStore: ExperimentStore {
    let database: any SQLDatabase
    /// For questions that may take long: a connection of their own, so that nobody who logs waits for them. In a short
    /// command it is the same one.
    let reader: any SQLDatabase
    /// What this process has put into the inbox and nobody has folded yet, as far as it knows.
    let waiting: WaitingPoints
    let keyNumbers = KeyNumbers()
    let keyNames = KeyNames()

    /// Opens the file, which is made if it does not exist, and brings it up to date.
    package convenience init(file: AbsolutePath) throws { try self.init(Database(path: file.bytes)) }

    /// For a server: many threads read and write at once. `.full`: what is acknowledged survives a power cut, at the
    /// price of a flush for each change.
    package static func shared(
        file: AbsolutePath, durability: DatabaseOptions.Durability = .recent
    ) throws -> SQLExperimentStore {
        var options = DatabaseOptions(access: .readWriteCreate, durability: durability)
        options.isBusy = true
        let database = try Database(path: file.bytes, options: options)
        return try SQLExperimentStore(
            database, reader: try Database(path: file.bytes, options: options), folding: .whenManyWait)
    }

    package static func inMemory(folding: PointFolding = .atOnce) throws -> SQLExperimentStore {
        try SQLExperimentStore(Database.inMemory(), folding: folding)
    }

    init(_ database: any SQLDatabase, reader: (any SQLDatabase)? = nil, folding: PointFolding = .atOnce) throws {
        self.database = database
        self.reader = reader ?? database
        waiting = WaitingPoints(folding)
        try database.migrate(database.dialect == .sqlite ? trackingMigrations : postgreSQLMigrations)
    }

    package static func isPostgreSQL(_ address: String) -> Bool { PostgreSQLAddress.isOne(address) }

    /// Whether each question is a journey over a network.
    package var isRemote: Bool { database.dialect == .postgresql }

    /// Connects to a database, `postgresql://user:password@host/name`, and brings it up to date.
    package static func postgreSQL(_ address: String) throws -> SQLExperimentStore {
        try SQLExperimentStore(PostgreSQLDatabase(PostgreSQLAddress(address)), folding: .whenManyWait)
    }

    package func ensureExperiment(named name: String, at moment: Timestamp) throws -> Experiment {
        if name.isEmpty { throw ExperimentError.emptyExperimentName }
        let found =
            try experiment(named: name)
            ?? database.write { connection in
                try connection.execute(
                    "INSERT INTO experiments (name, created_ms) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    .text(name), .integer(moment.milliseconds))
                return try connection.experiment(named: name)
            }
        guard let found, found.deletedAt == nil else { throw ExperimentError.experimentDeleted(name: name) }
        return found
    }

    package func experiment(named name: String) throws -> Experiment? {
        try database.read { try $0.experiment(named: name) }
    }

    package func experiments() throws -> [Experiment] {
        try database.read { connection in
            try connection.all("SELECT id, name, created_ms, deleted_ms FROM experiments ORDER BY name") {
                Experiment(row: $0)
            }
        }
    }

    package func runNames(limit: Int) throws -> [String] {
        let names = try database.read { connection in
            try connection.all(
                "SELECT name FROM runs WHERE deleted_ms IS NULL ORDER BY started_ms DESC, id LIMIT ?", SQLValue(limit)
            ) { $0.text(0) }
        }
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    package func keys() throws -> LoggedKeys {
        try foldInbox()
        return try reader.read { connection in
            LoggedKeys(
                params: try connection.keyNames(usedIn: ["params"]),
                metrics: try connection.keyNames(usedIn: ["series"]),
                tags: try connection.keyNames(usedIn: ["tags"]),
                stages: try connection.keyNames(usedIn: ["stages", "listed_stages"], column: "stage"))
        }
    }
}

extension Experiment {
    init(row: any SQLRow) {
        self.init(
            id: ExperimentID(row.integer(0)), name: row.text(1), createdAt: Timestamp(milliseconds: row.integer(2)),
            deletedAt: row.optionalInteger(3).map { Timestamp(milliseconds: $0) })
    }
}

extension SQLConnection {
    fileprivate func experiment(named name: String) throws -> Experiment? {
        try first("SELECT id, name, created_ms, deleted_ms FROM experiments WHERE name = ?", .text(name)) {
            Experiment(row: $0)
        }
    }

    /// Sorted. One look into an index for each key, however many runs there are.
    fileprivate func keyNames(usedIn tables: [String], column: String = "key") throws -> [String] {
        let uses = tables.map { "EXISTS (SELECT 1 FROM \($0) WHERE \(column) = keys.number)" }
        return try all("SELECT name FROM keys WHERE \(uses.joined(separator: " OR ")) ORDER BY name") { $0.text(0) }
    }

    /// The number that a statement answers: INSERT … RETURNING.
    func number(_ sql: String, _ values: SQLValue...) throws -> Int64 { try number(sql, values) }

    func number(_ sql: String, _ values: [SQLValue]) throws -> Int64 {
        guard let number = try first(sql, values, row: { $0.integer(0) }) else {
            throw ExperimentError.damagedRecord(what: "new row", value: "it has no number")
        }
        return number
    }

    /// The number that stands for a key, a tag's name or a stage's name; nil if nothing ever had it.
    func keyNumber(_ name: String) throws -> Int64? {
        try first("SELECT number FROM keys WHERE name = ?", .text(name)) { $0.integer(0) }
    }

    func ensureKeyNumber(_ name: String) throws -> Int64 {
        if let number = try keyNumber(name) { return number }
        let made = try first("INSERT INTO keys (name) VALUES (?) ON CONFLICT DO NOTHING RETURNING number", .text(name))
        {
            $0.integer(0)
        }
        // Another one who appends may have made it since.
        if let number = try made ?? keyNumber(name) { return number }
        throw ExperimentError.damagedRecord(what: "key", value: name)
    }

    /// The number that stands for a run. A deleted run is refused.
    func writableRunNumber(_ id: RunID) throws -> Int64 {
        let found = try first("SELECT number, deleted_ms FROM runs WHERE id = ?", .text(id.text)) {
            (number: $0.integer(0), isDeleted: !$0.isNull(1))
        }
        guard let found else { throw ExperimentError.noSuchRun(reference: id.text, nearest: nil) }
        if found.isDeleted { throw ExperimentError.runDeleted(id) }
        return found.number
    }

    func runNumber(_ id: RunID) throws -> Int64? {
        try first("SELECT number FROM runs WHERE id = ?", .text(id.text)) { $0.integer(0) }
    }
}
