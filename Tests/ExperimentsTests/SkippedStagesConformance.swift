import Files
import Hashing
import Objects
import SQL
import Testing

@testable import Experiments

/// Stages that were skipped together are kept once for all runs, and nobody sees it.
@Suite struct SkippedStagesConformance {
    @Test(arguments: StoreUnderTest.allCases)
    func `skipped stages come back as they were, and are kept once for two runs`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let runs = try [store.addRun("run1").id, store.addRun("run2", second: 2).id]
        for (second, run) in zip([5, 6] as [Int64], runs) { try store.recordStages(skipped(at: second), run: run) }
        #expect(try store.stages(run: runs[0]) == skipped(at: 5))
        #expect(try store.stages(run: runs[1]) == skipped(at: 6))
        #expect(try count("listed_stages", in: store) == 6)
        #expect(try count("listed_files", in: store) == 12)
        #expect(try count("stages", in: store) == 0)
        let summaries = try skipped(at: 5).map {
            StageSummary(stage: $0.stage, state: .skipped, durationMilliseconds: 0)
        }
        #expect(try store.listRuns(RunQuery()).records.map(\.stages) == [summaries, summaries])
        #expect(try store.keys().stages == summaries.map(\.stage))
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a run may be made that skips what another one skipped`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let first = try store.addRun("run1").id
        #expect(try store.skippedStages(run: first) == nil)
        try store.recordStages(skipped(at: 5), run: first)
        let known = try #require(try store.skippedStages(run: first))
        func new(_ skipped: SkippedStagesID) -> NewRun {
            NewRun(experiment: ExperimentID(0), startedAt: moment(7), user: "ana", skippedStages: skipped)
        }
        let second = try store.createRun(new(known)).id
        #expect(try store.stages(run: second) == skipped(at: 7))
        #expect(try store.skippedStages(run: second) == known)
        let unknown = SkippedStagesID(SHA256.hash([1]))
        let runs = try store.listRuns(RunQuery()).records.count
        #expect(throws: ExperimentError.skippedStagesUnknown) { try store.createRun(new(unknown)) }
        #expect(try store.listRuns(RunQuery()).records.count == runs)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a run that did more than skip has no list to go by`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let run = try store.addRun("run1").id
        try store.recordStages(
            skipped(at: 5) + [StageExecution(stage: "train", position: 6, state: .ran)], run: run)
        #expect(try store.skippedStages(run: run) == nil)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `what differs in anything is another list`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let changes: [(inout StageExecution) throws -> Void] = [
            { $0.key = SHA256Digest(bytes: [UInt8](repeating: 9, count: 32)) },
            { $0.commands.append("true") },
            { $0.inputs[0].fingerprint = nil },
            { $0.inputs[0].path = RelativePath(unchecked: [0xFF]) },
            { $0.outputs.append($0.inputs[0]) },
            { $0.outputs[0].fingerprint = try file(9) },
            { $0.stage = "other" },
            { $0.position = 9 },
        ]
        for (index, change) in changes.enumerated() {
            var stages = try skipped(at: 5)
            try change(&stages[5])
            let run = try store.addRun("run\(index)").id
            try store.recordStages(stages, run: run)
            #expect(try store.stages(run: run) == stages)
        }
        #expect(try count("stage_lists", in: store) == Int64(changes.count))
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a stage that is more than skipped is recorded beside the list`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let run = try store.addRun("run1").id
        var stages = try skipped(at: 5)
        stages[0].reasons = ["it is odd"]
        var running = StageExecution(stage: "train", position: 6, state: .running)
        running.startedAt = moment(5)
        try store.recordStages(stages + [running], run: run)
        #expect(try store.stages(run: run) == stages + [running])
        #expect(try count("listed_stages", in: store) == 5)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a listed stage that is recorded again leaves the other run alone`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let runs = try [store.addRun("run1").id, store.addRun("run2").id]
        var stages = try skipped(at: 5)
        for run in runs { try store.recordStages(stages, run: run) }
        stages[2].state = .ran
        stages[2].durationMilliseconds = 70
        stages[2].reasons = ["--force was given"]
        try store.recordStage(stages[2], run: runs[0])
        #expect(try store.stages(run: runs[0]) == stages)
        #expect(try store.stages(run: runs[1]) == skipped(at: 5))
        // All of them again, as when a run of the queue is started anew.
        try store.recordStages(try skipped(at: 7), run: runs[0])
        #expect(try store.stages(run: runs[0]) == skipped(at: 7))
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `filters and orders see listed stages`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        try store.recordStages(try skipped(at: 5), run: try store.addRun("skips").id)
        var ran = StageExecution(stage: "s1", position: 0, state: .ran)
        ran.durationMilliseconds = 40
        try store.recordStage(ran, run: try store.addRun("runs").id)
        try store.addRun("has none")
        let filters = [
            "stages.s1.state = 'skipped'": ["skips"], "stages.s1.state != 'ran'": ["skips"],
            "stages.s1.state IS NULL": ["has none"], "stages.s1.duration < 0.01": ["skips"],
            "stages.s1.state IN ('ran', 'skipped')": ["runs", "skips"],
        ]
        let byName = [RunSort(.attribute(.name))]
        for (filter, expected) in filters {
            let query = RunQuery(filter: try RunFilter(parsing: filter), sort: byName)
            #expect(try store.names(query) == expected, "\(filter)")
        }
        let byState = RunQuery(sort: [RunSort(.stage("s1", .state))])
        #expect(try store.names(byState) == ["runs", "skips", "has none"])
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `an object of a listed stage is referred to by each run`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        for name in ["run1", "run2"] { try store.recordStages(try skipped(at: 5), run: try store.addRun(name).id) }
        let found = try store.references(to: try makeDigest(3).id)
        #expect(found.map(\.runName) == ["run1", "run2"])
        #expect(found.first?.place == .output(stage: "s3", path: RelativePath(unchecked: Array("o3".utf8))))
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a list that no run has any more goes when the next one is made`(kind: StoreUnderTest) throws {
        let store = try #require(try kind.make() as? SQLExperimentStore)
        try store.recordStages(try skipped(at: 5), run: try store.addRun("gone").id)
        try store.database.write { try $0.execute("DELETE FROM runs WHERE name = 'gone'") }
        var others = try skipped(at: 5)
        others[0].commands = []
        try store.recordStages(others, run: try store.addRun("next").id)
        #expect(try count("listed_stages", in: store) == 6)
        #expect(try count("listed_files", in: store) == 12)
    }

    /// s0 to s5, each with a dep and an out.
    private func skipped(at second: Int64) throws -> [StageExecution] {
        try (0..<6).map { number in
            var stage = StageExecution(stage: "s\(number)", position: number, state: .skipped)
            stage.startedAt = moment(second)
            stage.durationMilliseconds = 0
            stage.commands = ["make o\(number)"]
            stage.key = SHA256Digest(bytes: [UInt8](repeating: UInt8(number), count: 32))
            stage.inputs = [StageFile(path: RelativePath(unchecked: Array("data".utf8)), fingerprint: try file(100))]
            stage.outputs = [
                StageFile(
                    path: RelativePath(unchecked: Array("o\(number)".utf8)), fingerprint: try file(UInt8(number)))
            ]
            return stage
        }
    }

    private func file(_ number: UInt8) throws -> Fingerprint {
        Fingerprint(kind: .file(isExecutable: false), digest: try makeDigest(number), contentBytes: UInt64(number))
    }

    private func count(_ table: String, in store: any TrackingStore) throws -> Int64? {
        try (store as? SQLExperimentStore)?.database.read { connection in
            try connection.first("SELECT count(*) FROM \(table)") { $0.integer(0) }
        }
    }
}
