import Diagnostics
import FoundationEssentials
import Glibc
import SQL
import Testing

@testable import SQLite

@Suite struct DatabaseErrorTests {
    @Test func `a wrong statement is shown without its values`() throws {
        let database = try Database.inMemory()
        let error = #expect(throws: DatabaseError.self) {
            try database.read { try $0.execute("SELECT absent WHERE 'x' = ?", "secret") }
        }
        #expect(
            error?.description
                == "database :memory:: no such column: absent (SQLite error 1), in `SELECT absent WHERE 'x' = ?`")
        #expect(error?.kind == .internal)
    }

    @Test func `a broken rule of the schema is a conflict`() throws {
        let database = try Database.inMemory()
        let error = #expect(throws: DatabaseError.self) {
            try database.write { connection in
                try connection.execute("CREATE TABLE t (a UNIQUE)")
                try connection.execute("INSERT INTO t VALUES (?), (?)", 1, 1)
            }
        }
        #expect(error?.kind == .conflict)
        #expect(
            error?.message == """
                database :memory: refused a change: UNIQUE constraint failed: t.a, in `INSERT INTO t VALUES (?), (?)`
                """)
    }

    @Test func `a writer that waits too long is told about the lock`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("t.sqlite")
        let first = try Database(path: path)
        let second = try Database(path: path, options: DatabaseOptions(access: .readWrite, lockTimeout: .zero))
        try first.write { _ in
            let error = #expect(throws: DatabaseError.self) { try second.write { _ in } }
            #expect(error?.kind == .conflict)
            #expect(
                error?.description == """
                    database \(path) is locked by another process
                    hint: wait for the other process to finish, then try again
                    """)
        }
    }

    @Test func `a full disk rolls back and says so`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("t.sqlite")
        let database = try Database(path: path)
        try database.write { try $0.executeScript("CREATE TABLE t (a); PRAGMA max_page_count = 10") }
        let error = #expect(throws: DatabaseError.self) {
            try database.write { try $0.execute("INSERT INTO t VALUES (zeroblob(1000000))") }
        }
        #expect(error == .diskFull(path: path))
        #expect(error?.kind == .unavailable)
        #expect(error?.message == "disk full while writing database \(path)")
        #expect(try database.read { try $0.first("SELECT count(*) FROM t") { $0.integer(0) } } == 0)
    }

    @Test func `a file that is no database is refused`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("t.sqlite")
        try Data(repeating: 65, count: 5000).write(to: URL(filePath: path))
        let error = #expect(throws: DatabaseError.self) { try Database(path: path) }
        #expect(error == .notADatabase(path: path))
        #expect(error?.kind == .corrupt)
    }

    @Test func `a torn page is damage`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("t.sqlite")
        var database: Database? = try Database(path: path)
        try database?.write { try $0.executeScript("CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(9000))") }
        try database?.checkpoint()
        database = nil
        let file = open(path, O_WRONLY)
        pwrite(file, [UInt8](repeating: 255, count: 4096), 4096, 4096)
        close(file)
        let damaged = try Database(path: path)
        let error = #expect(throws: DatabaseError.self) {
            try damaged.read { try $0.all("SELECT a FROM t") { $0.bytes(0) } }
        }
        #expect(error == .corrupt(path: path, reason: "database disk image is malformed"))
    }

    @Test func `a missing folder is named with the reason`() throws {
        let error = #expect(throws: DatabaseError.self) { try Database(path: "/nonexistent/t.sqlite") }
        #expect(
            error?.description == """
                database /nonexistent/t.sqlite cannot be opened: No such file or directory
                hint: check that its folder exists and is not full
                """)
    }

    @Test func `a database opened to be read refuses to be written`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("t.sqlite")
        let writer = try Database(path: path)
        try writer.write { try $0.execute("CREATE TABLE t (a)") }
        let reader = try Database(path: path, options: DatabaseOptions(access: .readOnly))
        #expect(try reader.read { try $0.first("SELECT count(*) FROM t") { $0.integer(0) } } == 0)
        let error = #expect(throws: DatabaseError.self) {
            try reader.write { try $0.execute("INSERT INTO t VALUES (1)") }
        }
        #expect(error == .readOnly(path: path))
        #expect(error?.kind == .denied)
    }
}
