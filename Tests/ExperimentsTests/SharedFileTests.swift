import Diagnostics
import Files
import FoundationEssentials
import JSON
import TestSupport
import Testing
import Threads

@testable import Experiments

/// Two stores of one file stand for two processes.
@Suite struct SharedFileTests {
    @Test func `many writers of one file lose nothing and see each other`() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/tracking-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = AbsolutePath(folder + "/tracking.sqlite")
        let stores = try [SQLExperimentStore(file: file), SQLExperimentStore(file: file)]
        try forEachConcurrently(Array(0..<40), width: 4) { worker in
            let store = stores[worker % 2]
            let experiment = try store.ensureExperiment(named: "shared", at: moment(1))
            let run = try store.createRun(NewRun(experiment: experiment.id, startedAt: moment(1), user: "ana"))
            try store.logParams([Param(key: "shared", value: .integer(Int64(worker)))], run: run.id)
            let metrics = (0..<50).map { Metric(key: "m\($0 % 5)", value: 1, step: $0, timestamp: moment(1)) }
            try store.logMetrics(metrics, run: run.id, stage: nil)
            try store.recordStage(StageExecution(stage: "train", position: 0, state: .ran), run: run.id)
            try store.changeRun(run.id, .end(.finished, at: moment(2)))
        }
        let records = try stores[0].listRuns(RunQuery(limit: 1000)).records
        #expect(records.count == 40)
        #expect(Set(records.map(\.run.name)).count == 40)
        #expect(Set(records.compactMap { $0.params["shared"] }).count == 40)
        #expect(records.allSatisfy { $0.metrics.count == 5 && $0.stages.count == 1 && $0.run.status == .finished })
        #expect(try stores[1].experiments().map(\.name) == ["Default", "shared"])
    }

    @Test func `what another has written is noticed, and nothing else`() throws {
        let folder = try TemporaryFolder()
        let file = folder.path.appending("tracking.sqlite")
        let (writer, watcher) = (try SQLExperimentStore(file: file), try SQLExperimentStore(file: file))
        let before = try watcher.changeMarker()
        #expect(try watcher.changeMarker() == before)
        try writer.addRun("r")
        #expect(try watcher.changeMarker() != before)
    }
}
