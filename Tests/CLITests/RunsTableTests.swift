import Diagnostics
import Experiments
import JSON
import Testing

@testable import repro

@Suite struct RunsTableTests {
    private let now = Timestamp(milliseconds: 10_000_000)

    private func record(
        _ name: String, accuracy: Double, dim: Int64, kind: String = "cbow", states: [StageState] = [.ran]
    ) -> RunRecord {
        var run = Run(
            id: RunID("0123456789abcdef"), experiment: ExperimentID(0), experimentName: "Default", name: name,
            status: .finished, startedAt: Timestamp(milliseconds: 9_700_000), user: "anna")
        run.endedAt = Timestamp(milliseconds: 9_713_700)
        var record = RunRecord(run: run)
        record.params = ["train.dim": .integer(dim), "train.kind": .string(kind)]
        let point = MetricPoint(step: 0, timestamp: now, value: accuracy)
        record.metrics = ["accuracy": LatestMetric(point: point, stage: nil)]
        record.stages = states.map { StageSummary(stage: "s", state: $0, durationMilliseconds: nil) }
        return record
    }

    private var records: [RunRecord] {
        [
            record("baseline", accuracy: 0.0172, dim: 50, states: [.ran, .ran]),
            record("wide", accuracy: 0.2918, dim: 100, states: [.skipped, .ran]),
        ]
    }

    private func lines(_ table: RunsTable) -> [String] { table.table().lines(palette: .plain, width: nil) }

    @Test func `the table has every metric and the params that differ`() {
        #expect(
            lines(RunsTable(records, fitting: nil, now: now)) == [
                "name      status    started    duration  accuracy  train.dim  stages",
                "baseline  finished  5 min ago    13.7 s    0.0172         50  2 ran",
                "wide      finished  5 min ago    13.7 s    0.2918        100  1 ran, 1 skipped",
            ])
    }

    @Test func `runs of one name are told apart by their ids`() {
        let twins = [record("same", accuracy: 1, dim: 1), record("same", accuracy: 2, dim: 1)]
        #expect(lines(RunsTable(twins, fitting: nil, now: now))[1].hasPrefix("same  01234567  finished"))
    }

    @Test func `on a narrow terminal what is the same gives way, then what is wide, and it is named`() {
        var records = records
        let point = MetricPoint(step: 0, timestamp: now, value: 233)
        for index in records.indices { records[index].metrics["words"] = LatestMetric(point: point, stage: nil) }
        #expect(RunsTable(records, fitting: 90, now: now).leftOut == [])
        #expect(RunsTable(records, fitting: 80, now: now).leftOut == ["words"])
        #expect(RunsTable(records, fitting: 70, now: now).leftOut == ["words", "status"])
        #expect(RunsTable(records, fitting: 60, now: now).leftOut == ["words", "status", "train.dim"])
        #expect(
            RunsTable(records, fitting: 40, now: now).leftOut
                == ["words", "status", "train.dim", "accuracy", "stages"])
    }

    @Test func `columns may be chosen, alone or as a family`() throws {
        let table = try RunsTable(records, columns: "name, params,metrics.accuracy,stages.s.state", now: now)
        #expect(
            lines(table) == [
                "name      train.dim  train.kind  accuracy  s.state",
                "baseline         50        cbow    0.0172  ran",
                "wide            100        cbow    0.2918  skipped",
            ])
    }

    @Test func `a column that cannot be is refused with the nearest`() {
        let error = #expect(throws: (any Error).self) {
            try RunsTable(records, columns: "name,statsu", now: now)
        }
        #expect((error as? any UserFacingError)?.hint == "did you mean `status`?")
    }
}
