import Files
import JSON
import SQL
import SQLite
import TestSupport
import Testing

@Suite struct DatabaseCommandTests {
    @Test func `a backup of a database in use is whole, and can take its place`() throws {
        let project = try TemporaryProject()
        try project.succeed("init")
        let server = try StartedServer(in: project)
        let run = try server.makeRun()
        let client = try RawClient(port: server.port)
        for step in 0..<50 { #expect(client.log(step, to: run)?.status == 200) }
        try project.succeed("db", "backup", "copy.sqlite")
        for step in 50..<60 { #expect(client.log(step, to: run)?.status == 200) }
        #expect(server.stop().status == 0)
        #expect(!project.exists("copy.sqlite-wal"))
        #expect(try project.run("db", "backup", "copy.sqlite").status == 4)
        for suffix in ["", "-wal", "-shm"] { project.remove(".repro/tracking.sqlite" + suffix) }
        try project.write(".repro/tracking.sqlite", bytes: try project.readBytes("copy.sqlite"))
        let again = try StartedServer(in: project)
        let history = try RawClient(port: again.port).get(
            "/api/2.0/mlflow/metrics/get-history?run_id=\(run)&metric_key=loss")
        #expect(history?.text.split(separator: "\"step\":").count == 51)
        #expect(again.stop().status == 0)
    }

    @Test func `an old database is brought up to date, and it is said from where`() throws {
        let project = try TemporaryProject()
        try project.succeed("init")
        #expect(try project.run("db", "upgrade").status == 3)
        let database = try Database(path: project.path(".repro/tracking.sqlite").description)
        try database.write { try $0.executeScript("PRAGMA user_version = 0") }
        #expect(try project.succeed("db", "upgrade").stdout.hasSuffix("had format version 0 and has 4 now\n"))
        #expect(try project.succeed("db", "upgrade").stdout.hasSuffix("has format version 4 already\n"))
    }

    @Test(.enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed: apt-get install postgresql"))
    func `a database goes to PostgreSQL and back, and runs are found there`() throws {
        let address = try PostgreSQLServer.shared.get().makeDatabase()
        let project = try TemporaryProject(["repro.yaml": "stages:\n  a:\n    cmd: echo hi\n"])
        try project.succeed("init")
        try project.succeed("run", "--name", "first")
        let output = try project.succeed("db", "copy", ".", address).stdout
        #expect(output.hasPrefix("copied 1 run ("))
        #expect(!output.contains("not-needed"))
        #expect(try project.run("db", "copy", ".", address).status == 4)
        try project.succeed("db", "copy", ".", address, "--replace")
        try project.write(".repro/config.local.yaml", "tracking:\n  store: \(address)\n")
        try project.succeed("run", "--name", "second", "--force")
        let shown = try project.succeed("runs").stdout
        #expect(shown.contains("first") && shown.contains("second"))
        #expect(try project.run("db", "backup", "x").stderr.contains("pg_dump"))
        try project.succeed("db", "copy", address, "back.sqlite")
        project.remove(".repro/config.local.yaml")
        #expect(!(try project.succeed("runs").stdout.contains("second")))
    }
}
