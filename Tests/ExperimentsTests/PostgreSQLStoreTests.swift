import Diagnostics
import Glibc
import JSON
import PostgreSQL
import SQL
import Synchronization
import TestSupport
import Testing
import Threads

@testable import Experiments

/// What only a database behind a connection can do. The rest is held by the suites named `…Conformance`.
@Suite(.enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed: apt-get install postgresql"))
struct PostgreSQLStoreTests {
    @Test func `what was acknowledged is there after the server was stopped and started, each point once`() throws {
        for mode in ["fast", "immediate"] {
            let server = try PostgreSQLServer()
            let store = try SQLExperimentStore.postgreSQL(try server.makeDatabase())
            let run = try store.addRun("r").id
            let kept = Mutex<[Int64]>([])
            let refused = Mutex(0)
            let others = Mutex<[String]>([])
            let isOver = Mutex(false)
            let writers = (0..<3).map { writer in
                Thread.start(name: "writer") {
                    var step = Int64(writer)
                    while !isOver.withLock({ $0 }) {
                        let metric = Metric(key: "m", value: Double(step), step: step, timestamp: moment(step))
                        do {
                            try store.logMetrics([metric], run: run, stage: nil)
                            kept.withLock { $0.append(step) }
                            step += 3
                        } catch {
                            // As a client does that is answered 503: the same again.
                            refused.withLock { $0 += 1 }
                            if (error as? PostgreSQLError)?.kind != .unavailable {
                                others.withLock { $0.append("\(error)") }
                            }
                        }
                    }
                }
            }
            wait { kept.withLock { $0.count } > 50 }
            try server.stop(mode: mode)
            let before = refused.withLock { $0 }
            wait { refused.withLock { $0 } > before + 3 }
            let count = kept.withLock { $0.count }
            try server.start()
            wait { kept.withLock { $0.count } > count + 50 }
            isOver.withLock { $0 = true }
            for writer in writers { writer.join() }
            #expect(others.withLock { $0 } == [])
            #expect(try store.series(run: run, key: "m").map(\.step) == kept.withLock { $0.sorted() })
        }
    }

    @Test func `a write that is under way when another looks for changes is noticed once it is done`() throws {
        // Of its own: what is written to any database of a server is noticed.
        let server = try PostgreSQLServer()
        let address = try server.makeDatabase()
        let (writer, watcher) = (try SQLExperimentStore.postgreSQL(address), try SQLExperimentStore.postgreSQL(address))
        let during = try writer.database.write { connection in
            try connection.execute("INSERT INTO keys (name) VALUES ('k')")
            return try watcher.changeMarker()
        }
        #expect(try watcher.changeMarker() != during)
    }

    @Test func `two stores of one database see each other and lose nothing`() throws {
        let address = try PostgreSQLServer.shared.get().makeDatabase()
        let stores = try (0..<2).map { _ in try SQLExperimentStore.postgreSQL(address) }
        try forEachConcurrently(Array(0..<24), width: 4) { worker in
            let store = stores[worker % 2]
            let experiment = try store.ensureExperiment(named: "shared", at: moment(1))
            let run = try store.createRun(NewRun(experiment: experiment.id, startedAt: moment(1), user: "ana"))
            try store.logParams([Param(key: "shared", value: .integer(Int64(worker)))], run: run.id)
            let metrics = (0..<50).map { Metric(key: "m\($0 % 5)", value: 1, step: $0, timestamp: moment(1)) }
            try store.logMetrics(metrics, run: run.id, stage: nil)
            try stores[(worker + 1) % 2].changeRun(run.id, .end(.finished, at: moment(2)))
        }
        let records = try stores[0].listRuns(RunQuery(limit: 1000)).records
        #expect(records.count == 24)
        #expect(Set(records.map(\.run.name)).count == 24)
        #expect(records.allSatisfy { $0.metrics.count == 5 && $0.run.status == .finished })
        #expect(try stores[1].experiments().map(\.name) == ["Default", "shared"])
    }

    @Test func `two threads that append the same keys in another order both succeed`() throws {
        let address = try PostgreSQLServer.shared.get().makeDatabase()
        let store = try SQLExperimentStore.postgreSQL(address)
        let run = try store.addRun("r").id
        try forEachConcurrently(Array(0..<8), width: 4) { worker in
            let keys = (0..<200).map { "k\($0)" }
            let metrics = (worker % 2 == 0 ? keys : keys.reversed()).map {
                Metric(key: $0, value: 1, step: Int64(worker), timestamp: moment(1))
            }
            try store.logMetrics(metrics, run: run, stage: nil)
        }
        #expect(try store.series(run: run, key: "k7").count == 8)
    }

    @Test func `text that the database cannot keep is the writer's mistake`() throws {
        let store = try StoreUnderTest.postgresql.make()
        let run = try store.addRun("r").id
        let error = #expect(throws: PostgreSQLError.self) {
            try store.setTags([Tag(key: "t", value: "a\0b")], run: run)
        }
        #expect(error?.kind == .invalidInput)
        try store.setTags([Tag(key: "t", value: "ab")], run: run)
    }

    @Test func `a database of a newer version is refused`() throws {
        let server = try PostgreSQLServer.shared.get()
        let address = try server.makeDatabase()
        _ = try SQLExperimentStore.postgreSQL(address)
        let schema = address.split(separator: "%3D").last ?? ""
        try server.command("UPDATE \(schema).repro_schema SET version = 99")
        let error = #expect(throws: PostgreSQLError.self) { try SQLExperimentStore.postgreSQL(address) }
        #expect(error?.message.hasSuffix("has format version 99; this program reads up to version 2") == true)
    }

    @Test(arguments: [
        "postgresql://ana:s3cret@localhost:1/db", "postgresql://ana@localhost:1/db?password=s3cret",
        "postgresql://ana:s3cret@localhost:x/db", "postgresql://ana:s3cret@localhost/db?wrong=s3cret",
        "postgresql://s3cret%zz@localhost/db",
    ])
    func `a password is in no error`(address: String) throws {
        let error = #expect(throws: PostgreSQLError.self) { try SQLExperimentStore.postgreSQL(address) }
        #expect(error.map { "\($0) \(String(reflecting: $0))" }?.contains("s3cret") == false)
    }

    private func wait(_ isTrue: () -> Bool) {
        let deadline = ContinuousClock.now + .seconds(60)
        while !isTrue(), .now < deadline { usleep(2000) }
    }
}
