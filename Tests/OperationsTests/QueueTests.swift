import Diagnostics
import Experiments
import Files
import Pipelines
import Synchronization
import TestSupport
import Testing
import Threads

@testable import Operations

@Suite struct QueueTests {
    let project: PipelineProject

    /// `wait` holds until the file `go` is there, if the param says so; `out` is what it read.
    static let pipeline = """
        stages:
          wait:
            cmd: touch "${gate}.begun"; while [ ! -e "${gate}" ]; do sleep 0.02; done; cat code.txt data/d.txt > out.txt
            deps: [code.txt, data]
            params: [gate, by]
            outs: [out.txt]
          measure:
            cmd: echo "{\\"value\\":${by}}" > m.json
            params: [by]
            deps: [out.txt]
            metrics: [m.json]

        """

    init() throws {
        project = try PipelineProject(
            Self.pipeline, files: ["code.txt": "code 1\n", "data/d.txt": "data\n", "params.yaml": "by: 1\ngate: .\n"])
    }

    private func queue(_ overrides: String..., name: String? = nil) throws -> [Run] {
        var options = RunPipelineOptions()
        options.overrides = overrides
        options.name = name
        return try queueRuns(options, in: project.surroundings()).entries.map(\.run)
    }

    private func work(
        runs: Int = 1, interrupter: RunInterrupter = RunInterrupter(), observer: Recorder = Recorder()
    ) throws -> WorkQueueReport {
        var options = WorkQueueOptions()
        options.runs = runs
        return try workQueue(options, in: project.surroundings(), interrupter: interrupter, observer: observer)
    }

    private func wait(for condition: () throws -> Bool) throws {
        let end = ContinuousClock.now + .seconds(30)
        while try !condition() {
            if ContinuousClock.now > end { throw TimedOut() }
            _ = Mailbox<Never>().receive(timeout: .milliseconds(10))
        }
    }

    private struct TimedOut: Error {}

    private func exists(_ path: String) throws -> Bool {
        try FileSystem.real.statusFollowingLinks(of: AbsolutePath(path)) != nil
    }

    @Test func `a grid makes a run of each combination, and the workspace stays as it is`() throws {
        let queued = try queue("by=2,3", name: "grid")
        #expect(queued.map(\.name) == ["grid-1", "grid-2"])
        #expect(queued.map(\.status) == [.queued, .queued])
        let report = try work(runs: 2)
        #expect(report.runs.map(\.status) == [.finished, .finished], "\(report.failures.map(\.message))")
        let values = try queued.map {
            try showRun($0.id.text, in: project.surroundings()).record.metrics["value"]?.value
        }
        #expect(values == [2, 3])
        #expect(try project.folder.read("params.yaml") == "by: 1\ngate: .\n")
        #expect(try FileSystem.real.status(of: project.folder["out.txt"]) == nil)
        #expect(try FileSystem.real.openFolder(project.folder[".repro/queue"]).names().isEmpty)
    }

    @Test func `of two runs that need the same result, one makes it and the other takes it`() throws {
        let pipeline = """
            stages:
              slow:
                cmd: echo x >> "$COUNT"; touch "$COUNT.begun"; while [ ! -e "$COUNT.go" ]; do sleep 0.02; done; cp code.txt slow.txt
                deps: [code.txt]
                outs: [slow.txt]
              own:
                cmd: cp slow.txt own.txt
                deps: [slow.txt]
                params: [by]
                outs: [own.txt]

            """
        let project = try PipelineProject(pipeline, files: ["code.txt": "code 1\n", "params.yaml": "by: 1\n"])
        let count = project.folder["count"]
        let surroundings = project.surroundings(environment: ["COUNT": count.description])
        var options = RunPipelineOptions()
        options.overrides = ["by=1,2,3"]
        let queued = try queueRuns(options, in: surroundings).entries.map(\.run)
        let worker = Thread.start(name: "worker") {
            var options = WorkQueueOptions()
            options.runs = 3
            options.jobs = 3
            _ = try? workQueue(options, in: surroundings, interrupter: RunInterrupter(), observer: Recorder())
        }
        try wait { try exists("\(count).begun") }
        // The others have come to the same stage, or will: whenever they do, they find it being made, or made.
        try wait { try showQueue(in: surroundings).filter { $0.run.status == .running }.count == 3 }
        try project.folder.write("", to: "count.go")
        worker.join()
        let states = try queued.map { try showRun($0.id.text, in: surroundings).stages.map(\.state) }
        #expect(states.flatMap(\.self).count { $0 == .ran } == 4, "\(states)")
        #expect(try project.folder.read("count") == "x\n")
        #expect(try FileSystem.real.openFolder(project.folder[".repro/store/run-cache/running"]).names().isEmpty)
    }

    @Test func `a run sees the workspace as it was when it was queued`() throws {
        let queued = try queue()
        try project.folder.write("code 2\n", to: "code.txt")
        try project.folder.write("other\n", to: "data/d.txt")
        _ = try work()
        _ = try restoreRun(RestoreRunOptions(run: queued[0].id.text), in: project.surroundings())
        #expect(try project.folder.read("out.txt") == "code 1\ndata\n")
    }

    @Test func `what a queued run made is not made again in the workspace`() throws {
        _ = try queue()
        _ = try work()
        #expect(project.states(try project.run()) == ["wait cached", "measure cached"])
    }

    @Test func `a mistake in one combination queues nothing`() throws {
        #expect(throws: ParamError.self) { try queue("by=1,2", "nope=3") }
        #expect(try showQueue(in: project.surroundings()).isEmpty)
        #expect(try listRuns(ListRunsOptions(), in: project.surroundings()).records.isEmpty)
    }

    @Test func `a failing run is recorded, and the others go on`() throws {
        try project.folder.write(
            Self.pipeline.replacing("cat code.txt", with: "test ${by} != 2 && cat code.txt"), to: "repro.yaml")
        _ = try queue("by=1,2,3")
        let report = try work()
        #expect(report.runs.map(\.status) == [.finished, .failed, .finished])
        #expect(report.failures.count == 1)
        #expect(try showQueue(in: project.surroundings()).isEmpty)
    }

    @Test func `a killed run stops, and the others go on`() throws {
        let gate = project.folder["gate"].description
        let first = try queue("gate=\(gate)")[0]
        let second = try queue("by=5")[0]
        let recorder = Recorder()
        let worker = Thread.start(name: "worker") { [self] in _ = try? work(observer: recorder) }
        try wait { try exists(gate + ".begun") }
        let shown = try showQueue(in: project.surroundings())
        #expect(shown.map(\.run.status) == [.running, .queued])
        #expect(shown[0].runningStages == ["wait"])
        let removing = #expect(throws: OperationError.self) {
            try removeQueuedRuns(.named([first.id.text]), in: project.surroundings())
        }
        #expect(removing?.kind == .conflict)
        #expect(try stopQueuedRuns(.named([first.id.text]), in: project.surroundings()).map(\.id) == [first.id])
        worker.join()
        #expect(recorder.ended.withLock { $0 } == ["\(first.name) interrupted", "\(second.name) finished"])
    }

    @Test func `an interrupted worker puts its run back, and it is done next time`() throws {
        let gate = project.folder["gate"].description
        let run = try queue("gate=\(gate)")[0]
        let interrupter = RunInterrupter()
        let worker = Thread.start(name: "worker") { [self] in _ = try? work(interrupter: interrupter) }
        try wait { try exists(gate + ".begun") }
        interrupter.interrupt()
        worker.join()
        #expect(try showQueue(in: project.surroundings()).map(\.run.status) == [.queued])
        try project.folder.write("", to: "gate")
        let report = try work()
        #expect(report.runs.map(\.id) == [run.id])
        #expect(report.runs.map(\.status) == [.finished])
        #expect(report.runs[0].failure == nil)
    }

    @Test func `removed runs are in the bin`() throws {
        let queued = try queue("by=1,2")
        #expect(try removeQueuedRuns(.named([queued[0].id.text]), in: project.surroundings()).count == 1)
        #expect(try showQueue(in: project.surroundings()).map(\.run.id) == [queued[1].id])
        #expect(try removeQueuedRuns(.all, in: project.surroundings()).count == 1)
        #expect(try listRuns(ListRunsOptions(), in: project.surroundings()).records.isEmpty)
        let error = #expect(throws: (any Error).self) {
            try stopQueuedRuns(.named([queued[0].id.text]), in: project.surroundings())
        }
        #expect((error as? any UserFacingError)?.kind == .notFound)
    }

    @Test func `a finished run can be removed`() throws {
        let run = try project.run().run
        #expect(try deleteRuns([run.name], in: project.surroundings()).map(\.id) == [run.id])
        #expect(try listRuns(ListRunsOptions(), in: project.surroundings()).records.isEmpty)
    }
}

/// Keeps what it hears.
private final class Recorder: QueueObserver {
    let ended = Mutex<[String]>([])

    func started(_ run: Run) {}

    func finished(_ run: Run, _ failure: (any UserFacingError)?) {
        ended.withLock { $0.append("\(run.name) \(run.status.rawValue)") }
    }
}
