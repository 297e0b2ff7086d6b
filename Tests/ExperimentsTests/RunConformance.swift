import Diagnostics
import JSON
import Testing

@testable import Experiments

@Suite struct ExperimentConformance {
    @Test(arguments: StoreUnderTest.allCases)
    func `the default experiment is there from the start and has number 0`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        #expect(try store.experiments().map(\.name) == ["Default"])
        #expect(try store.experiment(named: "Default")?.id == ExperimentID(0))
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `an experiment is made once`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let made = try store.ensureExperiment(named: "aihat", at: moment(5))
        #expect(made.createdAt == moment(5))
        #expect(try store.ensureExperiment(named: "aihat", at: moment(6)) == made)
        #expect(try store.experiment(named: "aihat") == made)
        #expect(try store.experiment(named: "absent") == nil)
        #expect(try store.experiments().map(\.name) == ["Default", "aihat"])
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `an experiment must have a name`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let error = #expect(throws: ExperimentError.self) { try store.ensureExperiment(named: "", at: moment(1)) }
        #expect(error?.description == "the experiment's name is empty\nhint: choose a name with --experiment")
    }
}

@Suite struct RunConformance {
    let host = HostIdentity(name: "laptop", bootID: "boot-1", processNamespace: "pid:[1]")

    @Test(arguments: StoreUnderTest.allCases)
    func `a run comes back as it was made`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let experiment = try store.ensureExperiment(named: "aihat", at: moment(1))
        let new = NewRun(
            experiment: experiment.id, name: "run1", startedAt: moment(10), user: "ana",
            owner: ProcessIdentity(host: host, pid: 42, startTicks: .max),
            commandLine: ["repro", "run", "-S", "a=\"b c\"", "žába\n", ""],
            git: GitState(commit: "c0ffee", branch: "main", isDirty: true, patch: try makeDigest(1)))
        let run = try store.createRun(new)
        var expected = Run(
            id: new.id, experiment: experiment.id, experimentName: "aihat", name: "run1", status: .running,
            startedAt: moment(10), user: "ana")
        expected.owner = new.owner
        expected.commandLine = new.commandLine
        expected.git = new.git
        #expect(run == expected)
        #expect(try store.run(new.id) == expected)
        #expect(try store.run(RunID("absent")) == nil)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a run without a name is given one that is free`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let names = try (0..<50).map { second in
            try store.createRun(
                NewRun(experiment: ExperimentID(0), startedAt: moment(Int64(second)), user: "ana")
            ).name
        }
        #expect(Set(names).count == 50)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `an id is given once`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let run = try store.addRun("run1")
        let error = #expect(throws: ExperimentError.self) {
            try store.createRun(NewRun(id: run.id, experiment: ExperimentID(0), startedAt: moment(2), user: "ana"))
        }
        #expect(error == .runExists(run.id))
        #expect(error?.kind == .conflict)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a change leaves alone what it does not name`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        var expected = try store.addRun("run1")
        let git = GitState(commit: "c0ffee", branch: nil, isDirty: false)
        try store.changeRun(expected.id, RunChange(git: git))
        expected.git = git
        #expect(try store.run(expected.id) == expected)
        try store.changeRun(expected.id, .end(.failed, at: moment(60), failure: "stage train failed"))
        expected.status = .failed
        expected.endedAt = moment(60)
        expected.heartbeatAt = moment(60)
        expected.failure = "stage train failed"
        #expect(try store.run(expected.id) == expected)
        #expect(expected.durationMilliseconds(now: moment(1000)) == 59_000)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a run that is not there cannot be changed`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let absent = RunID("absent")
        let attempts: [() throws -> Void] = [
            { try store.changeRun(absent, RunChange(name: "x")) },
            { try store.heartbeat(absent, at: moment(1)) },
            { try store.deleteRuns([absent], at: moment(1)) },
            { try store.restoreRuns([absent]) },
            { try store.logParams([Param(key: "a", value: .integer(1))], run: absent) },
            { try store.logMetrics([Metric(key: "a", value: 1, timestamp: moment(1))], run: absent, stage: nil) },
            { try store.setTags([Tag(key: "a", value: "b")], run: absent) },
            { try store.recordStage(StageExecution(stage: "train", position: 0, state: .ran), run: absent) },
            { _ = try store.stages(run: absent) },
            { _ = try store.metricPoints(run: absent, key: "a", after: nil, limit: 1) },
        ]
        for attempt in attempts {
            #expect(throws: ExperimentError.noSuchRun(reference: "absent", nearest: nil), performing: attempt)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a deleted run is refused changes until it is restored`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let run = try store.addRun("run1")
        try store.deleteRuns([run.id], at: moment(7))
        try store.deleteRuns([run.id], at: moment(8))
        #expect(try store.run(run.id)?.deletedAt == moment(7))
        let attempts: [() throws -> Void] = [
            { try store.changeRun(run.id, RunChange(name: "x")) },
            { try store.logParams([Param(key: "a", value: .integer(1))], run: run.id) },
            { try store.setTags([Tag(key: "a", value: "b")], run: run.id) },
        ]
        for attempt in attempts { #expect(throws: ExperimentError.runDeleted(run.id), performing: attempt) }
        try store.restoreRuns([run.id])
        try store.changeRun(run.id, RunChange(name: "x"))
        #expect(try store.run(run.id)?.deletedAt == nil)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a heartbeat wakes a stalled run and no other`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let run = try store.addRun("run1")
        try store.changeRun(run.id, RunChange(status: .stalled))
        try store.heartbeat(run.id, at: moment(9))
        #expect(try store.run(run.id)?.status == .running)
        try store.changeRun(run.id, .end(.killed, at: moment(9)))
        try store.heartbeat(run.id, at: moment(8))
        #expect(try store.run(run.id)?.status == .killed)
        #expect(try store.run(run.id)?.heartbeatAt == moment(9))
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a run whose process is gone becomes killed, once`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let gone = ProcessIdentity(host: host, pid: 42, startTicks: 1)
        let run = try store.createRun(
            NewRun(experiment: ExperimentID(0), name: "run1", startedAt: moment(1), user: "ana", owner: gone))
        try store.heartbeat(run.id, at: moment(30))
        let liveness = RunLiveness(host: host, startTicks: { _ in nil })
        #expect(try store.settleLostRuns(now: moment(40), liveness: liveness).map(\.id) == [run.id])
        let settled = try #require(try store.run(run.id))
        #expect(settled.status == .killed)
        #expect(settled.endedAt == moment(30))
        #expect(settled.failure == "process 42 on laptop ended without a word")
        #expect(try store.settleLostRuns(now: moment(50), liveness: liveness) == [])
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a run that ends while it is judged keeps its own word`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let observed = try store.addRun("run1")
        try store.changeRun(observed.id, .end(.finished, at: moment(5)))
        #expect(try store.changeUnfinishedRun(observed, .end(.killed, at: moment(6))) == false)
        #expect(try store.run(observed.id)?.status == .finished)
    }
}
