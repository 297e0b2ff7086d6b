import Diagnostics
import Experiments
import TestSupport
import Testing

@testable import Server

/// A server whose runs are in PostgreSQL.
@Suite(.enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed: apt-get install postgresql"))
struct PostgreSQLServerTests {
    @Test func `while the database is away, clients are told to try again, and then it works by itself`() throws {
        let database = try PostgreSQLServer()
        let server = try ServerUnderTest(address: try database.makeDatabase())
        let run = try server.makeRun()
        let point = #"{"run_id": "\#(run)", "key": "m", "value": 1, "timestamp": 1, "step": 1}"#
        #expect(try server.post("runs/log-metric", point).status == 200)
        try database.stop()
        for _ in 0..<3 {
            let reply = try server.post("runs/log-metric", point)
            #expect(reply.status == 503)
            #expect(reply.header("Retry-After") == "1")
            #expect(reply.mlflowError.code == "TEMPORARILY_UNAVAILABLE")
            #expect(try server.get("runs/get?run_id=\(run)").status == 503)
        }
        #expect(try server.send("GET", "/health").status == 200)
        try database.start()
        #expect(try server.post("runs/log-metric", point).status == 200)
        #expect(try server.store.series(run: run, key: "m").count == 1)
    }

    @Test func `two servers of one database serve each other's runs`() throws {
        let address = try PostgreSQLServer.shared.get().makeDatabase()
        let servers = try [ServerUnderTest(address: address), ServerUnderTest(address: address)]
        let run = try servers[0].makeRun()
        let batch = #"{"run_id": "\#(run)", "metrics": [{"key": "m", "value": 0.5, "timestamp": 1, "step": 1}]}"#
        #expect(try servers[1].post("runs/log-batch", batch).status == 200)
        #expect(try servers[0].post("runs/log-batch", batch).status == 200)
        for server in servers {
            let reply = try server.get("metrics/get-history?run_id=\(run)&metric_key=m")
            #expect(reply.text == #"{"metrics":[{"key":"m","value":0.5,"timestamp":1,"step":1}]}"#)
        }
    }
}
