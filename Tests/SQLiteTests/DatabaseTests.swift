import Diagnostics
import FoundationEssentials
import SQL
import Testing

@testable import SQLite

@Suite struct DatabaseTests {
    @Test func `values of every type come back as they went in`() throws {
        let database = try Database.inMemory()
        let values: [SQLValue] = [
            nil, 0, -1, .integer(.min), 0.1, .real(.infinity), .real(-.infinity), "", "žába", .blob([]),
            .blob([0, 255]),
        ]
        let read = try database.write { connection in
            try connection.execute("CREATE TABLE t (value)")
            for value in values { try connection.execute("INSERT INTO t VALUES (?)", value) }
            return try connection.all("SELECT value FROM t ORDER BY rowid") { $0.value(0) }
        }
        #expect(read == values)
    }

    @Test func `a body that throws leaves nothing behind`() throws {
        struct Stop: Error {}
        let database = try Database.inMemory()
        try database.write { try $0.execute("CREATE TABLE t (value)") }
        #expect(throws: Stop.self) {
            try database.write { connection in
                try connection.execute("INSERT INTO t VALUES (1)")
                throw Stop()
            }
        }
        #expect(try database.read { try $0.first("SELECT count(*) FROM t") { $0.integer(0) } } == 0)
    }

    @Test func `a statement can be used inside its own loop`() throws {
        let database = try Database.inMemory()
        let pairs = try database.write { connection in
            try connection.executeScript("CREATE TABLE t (value); INSERT INTO t VALUES (1), (2)")
            return try connection.all("SELECT value FROM t") { outer in
                try connection.all("SELECT value FROM t") { [outer.integer(0), $0.integer(0)] }
            }
        }
        #expect(pairs == [[[1, 1], [1, 2]], [[2, 1], [2, 2]]])
    }

    @Test func `a changed schema does not disturb prepared statements`() throws {
        let database = try Database.inMemory()
        try database.write { try $0.executeScript("CREATE TABLE t (a); INSERT INTO t VALUES (1)") }
        let before = try database.read { try $0.all("SELECT * FROM t") { $0.integer(0) } }
        try database.write { try $0.executeScript("ALTER TABLE t ADD COLUMN b") }
        #expect(try database.read { try $0.all("SELECT * FROM t") { $0.integer(0) } } == before)
    }

    @Test func `four threads and two connections lose no write`() throws {
        let folder = try TemporaryFolder()
        let databases = try [Database(path: folder.path("t.sqlite")), Database(path: folder.path("t.sqlite"))]
        try databases[0].write { try $0.execute("CREATE TABLE t (value)") }
        folder.concurrently(4) { worker in
            for number in 0..<50 {
                _ = try? databases[worker % 2].write {
                    try $0.execute("INSERT INTO t VALUES (?)", SQLValue(worker * 100 + number))
                }
            }
        }
        #expect(try databases[0].read { try $0.first("SELECT count(DISTINCT value) FROM t") { $0.integer(0) } } == 200)
    }

    @Test func `a thousand databases are opened and dropped without leaking files`() throws {
        let folder = try TemporaryFolder()
        for _ in 0..<1000 {
            let database = try Database(path: folder.path("t.sqlite"))
            _ = try database.read { try $0.first("PRAGMA user_version") { $0.integer(0) } }
        }
        let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        #expect(open < 500)
    }
}

@Suite struct MigrationTests {
    let migrations = ["CREATE TABLE t (a); INSERT INTO t VALUES (1)", "ALTER TABLE t ADD COLUMN b DEFAULT 2"]

    @Test func `pending migrations run once, in order`() throws {
        let folder = try TemporaryFolder()
        let database = try Database(path: folder.path("t.sqlite"))
        try database.migrate(Array(migrations[..<1]))
        try database.migrate(migrations)
        try database.migrate(migrations)
        #expect(try database.read { try $0.all("SELECT a, b FROM t") { [$0.integer(0), $0.integer(1)] } } == [[1, 2]])
    }

    @Test func `a migration that fails changes nothing`() throws {
        let database = try Database.inMemory()
        #expect(throws: DatabaseError.self) {
            try database.migrate([migrations[0], "ALTER TABLE absent ADD COLUMN b"])
        }
        #expect(try database.read { try $0.all("SELECT name FROM sqlite_schema") { $0.text(0) } } == [])
    }

    @Test func `a database of a newer program is refused`() throws {
        let database = try Database.inMemory()
        try database.migrate(migrations)
        let error = #expect(throws: DatabaseError.self) { try database.migrate(Array(migrations[..<1])) }
        #expect(error == .tooNew(path: ":memory:", version: 2, knownVersion: 1))
        #expect(error?.kind == .invalidInput)
        #expect(
            error?.description == """
                database :memory: has format version 2; this program reads up to version 1
                hint: update this program
                """)
    }
}

@Suite struct SharedTransactionTests {
    struct Refused: Error {}

    @Test func `of writers that share a transaction, each is kept or undone by itself`() throws {
        let folder = try TemporaryFolder()
        let database = try Database(path: folder.path("t.sqlite"))
        try database.write { try $0.execute("CREATE TABLE t (value INTEGER UNIQUE)") }
        folder.concurrently(8) { worker in
            for number in 0..<50 {
                let value = SQLValue(worker * 100 + number)
                try? database.write { connection in
                    try connection.execute("INSERT INTO t VALUES (?)", value)
                    // The second of these is refused by the table, every fifth by the body.
                    if number % 7 == 0 { try connection.execute("INSERT INTO t VALUES (?)", value) }
                    if number % 5 == 0 { throw Refused() }
                }
            }
        }
        let kept = (0..<8).flatMap { worker in
            (0..<50).filter { $0 % 7 != 0 && $0 % 5 != 0 }.map { Int64(worker * 100 + $0) }
        }
        #expect(try database.read { try $0.all("SELECT value FROM t ORDER BY value") { $0.integer(0) } } == kept)
    }
}
