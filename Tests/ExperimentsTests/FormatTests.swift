import Diagnostics
import Files
import FoundationEssentials
import Hashing
import JSON
import Objects
import SQL
import SQLite
import Testing

@testable import Experiments

/// Every version of tracking.sqlite that was ever released can be read. The samples are SQL text, made with
/// `sqlite3 tracking.sqlite .dump`, tables first; they are never changed.
@Suite struct FormatTests {
    @Test(arguments: 1...trackingMigrations.count)
    func `a database of each version is read`(version: Int) throws {
        let store = try SQLExperimentStore(try loadSample(version))
        let run = try store.requireRun("calm-otter")
        #expect(run.status == .failed)
        #expect(run.commandLine == ["repro", "run", "-S", "train.dim=50"])
        #expect(run.owner?.pid == 42)
        #expect(run.git == GitState(commit: "c0ffee", branch: "main", isDirty: true, patch: try makeDigest(1)))
        let record = try #require(try store.record(run.id))
        #expect(record.params == ["train.dim": .integer(50), "train.type": .string("cbow")])
        #expect(record.metrics["accuracy"]?.value == 0.25)
        #expect(record.metrics["loss"]?.value.isNaN == true)
        #expect(record.tags == ["team": "nlp"])
        let stage = try #require(try store.stages(run: run.id).first)
        #expect(stage.commands == ["python3 train.py"])
        #expect(stage.inputs.map(\.path.description) == ["data"])
        #expect(stage.inputs.first?.fingerprint?.kind == .folder(fileCount: 3))
        #expect(stage.log == (try makeDigest(3)))
        let points = try store.metricPoints(run: run.id, key: "loss", after: nil, limit: 10)
        #expect(points.map(\.value.description) == ["0.5", "nan"])
    }

    @Test func `a chunk and a waiting point of version 3 are read`() throws {
        let store = try SQLExperimentStore(try loadSample(3))
        let run = try store.requireRun("calm-otter")
        let expected = (0..<40).map {
            MetricPoint(step: $0, timestamp: Timestamp(milliseconds: 5000 + $0 * 10), value: Double($0) / 8)
        }
        let last = MetricPoint(step: 40, timestamp: Timestamp(milliseconds: 5400), value: 7.5)
        #expect(try store.series(run: run.id, key: "long") == expected + [last])
        #expect(try store.record(run.id)?.metrics["long"]?.point == last)
    }

    @Test func `skipped stages of version 4 are read`() throws {
        let store = try SQLExperimentStore(try loadSample(4))
        let stages = try store.stages(run: try store.requireRun("calm-otter").id)
        #expect(stages.map(\.stage) == ["train", "load", "split"])
        #expect(stages[1].state == .skipped)
        #expect(stages[1].startedAt == Timestamp(milliseconds: 1100))
        #expect(stages[1].key == SHA256Digest(bytes: [UInt8](repeating: 11, count: 32)))
        #expect(stages[1].inputs.first?.fingerprint?.kind == .folder(fileCount: 3))
        #expect(stages[1].outputs.map(\.path.description) == ["model.bin"])
        #expect(stages[2].commands == ["python3 split.py", "true"])
    }

    @Test func `a database of a newer version is refused and not touched`() throws {
        let database = try Database.inMemory()
        let newer = trackingMigrations.count + 1
        try database.write { try $0.executeScript("PRAGMA user_version = \(newer)") }
        let error = #expect(throws: DatabaseError.self) { try SQLExperimentStore(database) }
        #expect(error == .tooNew(path: ":memory:", version: newer, knownVersion: trackingMigrations.count))
        #expect(try database.read { try $0.all("SELECT name FROM sqlite_schema") { $0.text(0) } } == [])
    }

    private func loadSample(_ version: Int) throws -> Database {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        let file = root.appending(path: "fixtures/formats/\(version)/tracking.sql")
        let database = try Database.inMemory()
        try database.write { try $0.executeScript(try String(contentsOf: file, encoding: .utf8)) }
        return database
    }
}
