import Diagnostics
import Experiments
import Files
import FoundationEssentials
import Pipelines
import Synchronization
import TestSupport
import Testing
import Threads

@testable import Operations

/// What stages, disks and other processes do to a run.
@Suite struct SchedulerFaultTests {
    private func wait(for condition: () throws -> Bool) throws {
        let end = ContinuousClock.now + .seconds(30)
        while try !condition() {
            if ContinuousClock.now > end { throw TimedOut() }
            _ = Mailbox<Never>().receive(timeout: .milliseconds(10))
        }
    }

    private struct TimedOut: Error {}

    @Test func `children that a stage leaves behind do not outlive it`() throws {
        let project = try PipelineProject(
            """
            stages:
              forks:
                cmd: >-
                  sleep 1000 & echo $! > pids; setsid sleep 1000 & echo $! >> pids; (setsid sleep 1000 & echo $! >> pids);
                  echo made > out.txt
                outs: [out.txt]

            """, files: [:])
        let start = ContinuousClock.now
        #expect(project.states(try project.run()) == ["forks ran"])
        #expect(ContinuousClock.now - start < .seconds(60))
        let pids = try project.folder.read("pids").split(separator: "\n").compactMap { Int32($0) }
        #expect(pids.count == 3)
        try wait { pids.allSatisfy { startTicksOfProcess($0) == nil } }
    }

    @Test(arguments: [FaultyFileSystem.Failure.diskFull, .tornWrite, .crash])
    func `whatever call fails, the next run ends as if nothing had happened`(failure: FaultyFileSystem.Failure) throws {
        // `make fault-test` takes every call.
        let step = ProcessInfo.processInfo.environment["REPRO_EVERY_FAULT"] == nil ? 9 : 1
        var call = 1
        var sawFailure = false
        while call < 400 {
            let project = try PipelineProject()
            let faulty = FaultyFileSystem()
            faulty.fail(atCall: call, with: failure)
            let report = try? runPipeline(
                RunPipelineOptions(), in: project.surroundings(fileSystem: faulty.fileSystem),
                interrupter: RunInterrupter(), observer: SilentObserver())
            let isEnd = faulty.calls.count < call
            if report?.failure != nil || report == nil { sawFailure = true }
            let next = try project.run()
            #expect(next.failure == nil, "\(failure) at call \(call)")
            #expect(try project.folder.read("report.json") == "{\"value\": 41}\n")
            #expect(project.states(try project.run()) == ["double skipped", "report skipped"])
            if isEnd { break }
            call += step
        }
        #expect(sawFailure)
    }

    @Test func `a stage that removes another's out is found out, and the out comes back`() throws {
        let project = try PipelineProject(
            """
            stages:
              a:
                cmd: echo a >> ran.log; echo a > a.txt
                outs: [a.txt]
              thief:
                cmd: echo thief >> ran.log; rm a.txt; echo t > t.txt
                deps: [in.txt]
                outs: [t.txt]
              c:
                cmd: cat a.txt t.txt > c.txt
                deps: [a.txt, t.txt]
                outs: [c.txt]

            """, files: ["in.txt": "1\n"])
        let report = try project.run { $0.jobs = 1 }
        #expect(report.failure?.message == "stage c: dep a.txt does not exist")
        // `a` is given back; `thief` has done its work.
        #expect(project.states(try project.run()) == ["a cached", "thief skipped", "c ran"])
        #expect(try project.folder.read("c.txt") == "a\nt\n")
    }

    static let gated = """
        stages:
          slow:
            cmd: echo slow >> ran.log; touch begun; while [ ! -e go ]; do sleep 0.02; done; echo s > slow.txt
            deps: [in.txt]
            outs: [slow.txt]
          other:
            cmd: echo other >> ran.log; echo o > other.txt
            deps: [in.txt]
            outs: [other.txt]

        """

    @Test func `two runs at once share a workspace: other stages go on, the same one runs once`() throws {
        let project = try PipelineProject(Self.gated, files: ["in.txt": "1\n"])
        let results = Mutex<[String: [String]]>([:])
        func start(_ name: String, _ target: String, _ observer: any PipelineObserver) -> Thread {
            Thread.start(name: name) {
                let states = try? project.states(project.run({ $0.targets = [target] }, observer: observer))
                results.withLock { $0[name] = states ?? ["failed"] }
            }
        }
        let first = start("first", "slow", SilentObserver())
        try wait { try FileSystem.real.status(of: project.folder["begun"]) != nil }
        #expect(project.states(try project.run { $0.targets = ["other"] }) == ["other ran"])
        let waiting = WaitingObserver()
        let second = start("second", "slow", waiting)
        try wait { waiting.isWaiting.withLock { $0 } }
        try project.folder.write("", to: "go")
        first.join()
        second.join()
        let ended = results.withLock { $0 }
        #expect(ended["first"] == ["slow ran"])
        // By the lock file or, if that was not written yet, by the run cache.
        #expect([["slow skipped"], ["slow cached"]].contains(ended["second"]))
        #expect(try project.executions() == ["slow", "other"])
        // Neither has written over what the other had locked.
        #expect(project.states(try project.run()) == ["slow skipped", "other skipped"])
    }
}

private final class WaitingObserver: PipelineObserver {
    let isWaiting = Mutex(false)

    func willRun(_ stages: [StageName]) {}
    func started(_ stage: StageName, reasons: [StageReason], at time: Timestamp) {}
    func output(_ stage: StageName, _ bytes: [UInt8]) {}
    func waitingForLock(_ stage: StageName) { isWaiting.withLock { $0 = true } }
    func retrying(_ stage: StageName, attempt: Int, after pause: Duration) {}
    func finished(_ record: StageRecord) {}
}
