import Diagnostics
import Experiments
import Files
import Objects
import Pipelines
import TestSupport
import Testing

@testable import Operations

@Suite struct RunPipelineTests {
    @Test func `the first run runs every stage, the second none`() throws {
        let project = try PipelineProject()
        #expect(project.states(try project.run()) == ["double ran", "report ran"])
        #expect(try project.executions() == ["double", "report"])
        #expect(try project.folder.read("report.json") == "{\"value\": 41}\n")
        #expect(project.states(try project.run()) == ["double skipped", "report skipped"])
        #expect(try project.executions() == [])
    }

    @Test func `a changed param runs what it changes, and going back restores without running`() throws {
        let project = try PipelineProject()
        try project.run()
        try project.run { $0.overrides = ["by=3"] }
        #expect(try project.folder.read("params.yaml") == "by: 3 # added\n")
        #expect(try project.folder.read("report.json") == "{\"value\": 43}\n")
        _ = try project.executions()
        let report = try project.run { $0.overrides = ["by=1"] }
        #expect(project.states(report) == ["double cached", "report cached"])
        #expect(try project.folder.read("report.json") == "{\"value\": 41}\n")
        #expect(try project.executions() == [])
    }

    @Test func `a stage that makes the same bytes again does not wake those below it`() throws {
        let project = try PipelineProject()
        try project.run()
        try project.folder.write("20\n\n", to: "n.txt")
        let report = try project.run()
        #expect(project.states(report) == ["double ran", "report skipped"])
    }

    @Test func `a target runs only what it needs`() throws {
        let project = try PipelineProject()
        #expect(project.states(try project.run { $0.targets = ["double"] }) == ["double ran"])
        #expect(project.states(try project.run { $0.targets = ["report.json"] }) == ["double skipped", "report ran"])
    }

    @Test func `a removed out is given back from the store`() throws {
        let project = try PipelineProject()
        try project.run()
        _ = try project.executions()
        _ = try FileSystem.real.removeFile(project.folder["doubled.txt"])
        let report = try project.run()
        #expect(project.states(report) == ["double cached", "report skipped"])
        #expect(report.records[0].reasons.map(\.description) == ["out doubled.txt is missing"])
        #expect(try project.executions() == [])
    }

    @Test func `force runs what is up to date`() throws {
        let project = try PipelineProject()
        try project.run()
        #expect(project.states(try project.run { $0.isForced = true }) == ["double ran", "report ran"])
    }

    @Test func `an input that changes while the stage runs keeps its outs out of the cache`() throws {
        let project = try PipelineProject(
            """
            stages:
              copy:
                cmd: echo copy >> ran.log; cp in.txt out.txt; if [ -e meddle ]; then echo changed > in.txt; fi
                deps: [in.txt]
                outs: [out.txt]

            """, files: ["in.txt": "first\n", "meddle": ""])
        let report = try project.run()
        #expect(report.records[0].state == .ran)
        #expect(report.records[0].changedMeanwhile.map(\.input.name) == ["in.txt"])
        #expect(
            report.warnings.first?.message.hasPrefix(
                "stage copy: an input changed while the stage ran, so its outs are there but not cached: dep in.txt changed: "
            ) == true)
        #expect(try project.folder.read("out.txt") == "first\n")
        _ = try FileSystem.real.removeFile(project.folder["meddle"])
        _ = try project.executions()
        #expect(project.states(try project.run()) == ["copy ran"])
        #expect(try project.executions() == ["copy"])
        try project.folder.write("first\n", to: "in.txt")
        #expect(project.states(try project.run()) == ["copy ran"])
    }

    @Test func `a failing command leaves the run failed, the stages below not run, and its words`() throws {
        let project = try PipelineProject(
            """
            stages:
              bad:
                cmd: echo it is broken >&2; exit 3
                outs: [x]
              below:
                cmd: cp x y
                deps: [x]
                outs: [y]

            """, files: [:])
        let report = try project.run()
        #expect(project.states(report) == ["bad failed", "below not_run"])
        #expect(report.run.status == .failed)
        #expect(
            report.failure?.description == """
                stage bad: `echo it is broken >&2; exit 3` failed with exit code 3
                  | it is broken
                hint: the whole log: `repro logs last bad`
                """)
        let stages = try showRun(report.run.id.text, in: project.surroundings()).stages
        #expect(stages.map(\.state) == [.failed, .blocked])
        #expect(stages[0].exitCode == 3)
    }

    @Test func `with keep-going stages that do not need the failed one run`() throws {
        let project = try PipelineProject(
            "stages:\n  bad:\n    cmd: exit 1\n    outs: [x]\n  good:\n    cmd: touch z\n    outs: [z]\n", files: [:])
        let report = try project.run { options in
            options.keepGoing = true
            options.jobs = 1
        }
        #expect(project.states(report) == ["bad failed", "good ran"])
    }

    @Test func `an out that was not written is an error with its place`() throws {
        let project = try PipelineProject("stages:\n  lazy:\n    cmd: 'true'\n    outs:\n    - x\n", files: [:])
        let report = try project.run()
        #expect(
            report.failure?.description == """
                repro.yaml:5:7: stage lazy: out x was not written
                hint: correct the path of the out, or let the command write x
                """)
    }

    @Test func `a command that is not there is named`() throws {
        let project = try PipelineProject("stages:\n  s:\n    cmd: no-such-program --x\n    outs: [x]\n", files: [:])
        let failure = try project.run().failure
        #expect(failure?.message.contains("failed: command not found") == true)
        #expect(failure?.hint == "`no-such-program` was not found; install it, or correct cmd")
    }

    @Test func `a missing dep is found before anything runs or is written`() throws {
        let project = try PipelineProject(
            """
            stages:
              first:
                cmd: touch made
                outs: [made]
              second:
                cmd: 'true'
                deps: [made, absent.csv]

            """, files: [:])
        let error = #expect(throws: StageError.self) { try project.run() }
        #expect(
            error?.description == """
                repro.yaml:7:18: stage second: dep absent.csv does not exist
                hint: create absent.csv, correct the path, or remove it from deps
                """)
        #expect(try FileSystem.real.status(of: project.folder["made"]) == nil)
        #expect(try listRuns(ListRunsOptions(), in: project.surroundings()).records.isEmpty)
    }

    @Test func `a wrong override changes nothing on disk`() throws {
        let project = try PipelineProject()
        #expect(throws: (any Error).self) { try project.run { $0.overrides = ["bye=3"] } }
        #expect(try project.folder.read("params.yaml") == "by: 1 # added\n")
    }

    @Test func `a dry run says what would happen and writes nothing`() throws {
        let project = try PipelineProject()
        try project.run()
        var options = RunPipelineOptions()
        options.overrides = ["by=7"]
        let plan = try planPipeline(options, in: project.surroundings())
        #expect(
            plan.steps.map { $0.action.reasons.map(\.description) } == [
                [
                    "param by changed: 1 → 7",
                    "command 1 changed: echo double >> ran.log; echo $(( $(cat n.txt) * 2 + 1 )) > doubled.txt → "
                        + "echo double >> ran.log; echo $(( $(cat n.txt) * 2 + 7 )) > doubled.txt",
                ],
                ["stage double runs first"],
            ])
        #expect(try project.folder.read("params.yaml") == "by: 1 # added\n")
        #expect(project.states(try project.run()) == ["double skipped", "report skipped"])
    }

    @Test func `a failing command is tried again as often as retries say`() throws {
        let project = try PipelineProject(
            """
            stages:
              flaky:
                cmd: echo try >> ran.log; test $(wc -l < ran.log) -ge 2 && touch out
                retries: 1
                outs: [out]

            """, files: [:])
        #expect(project.states(try project.run()) == ["flaky ran"])
        #expect(try project.executions() == ["try", "try"])
    }

    @Test func `a stage over its timeout is stopped with all it started`() throws {
        let project = try PipelineProject(
            "stages:\n  slow:\n    cmd: sleep 300 & sleep 300\n    timeout: 1s\n    outs: [x]\n", files: [:])
        let failure = try project.run().failure
        #expect(failure?.message == "stage slow: `sleep 300 & sleep 300` was stopped after its timeout of 1 s")
    }

    @Test func `an interrupt ends the run as interrupted, and the next one goes on`() throws {
        let project = try PipelineProject(
            """
            stages:
              first:
                cmd: touch a
                outs: [a]
              second:
                cmd: if [ -e wait ]; then sleep 300; fi; touch b
                deps: [a]
                outs: [b]

            """, files: ["wait": ""])
        let interrupter = RunInterrupter()
        let report = try project.run(
            observer: InterruptingObserver(at: "second", interrupter), interrupter: interrupter)
        #expect(report.run.status == .interrupted)
        #expect(project.states(report) == ["first ran", "second failed"])
        _ = try FileSystem.real.removeFile(project.folder["wait"])
        #expect(project.states(try project.run()) == ["first skipped", "second ran"])
    }

    @Test func `frozen stages never run`() throws {
        let project = try PipelineProject(
            "stages:\n  s:\n    cmd: exit 1\n    frozen: true\n    deps: [n.txt]\n    outs: [o]\n",
            files: ["n.txt": "", "o": ""])
        #expect(project.states(try project.run()) == ["s skipped"])
        _ = try FileSystem.real.removeFile(project.folder["o"])
        let error = #expect(throws: StageError.self) { try project.run() }
        #expect(error?.message == "stage s is frozen, and its out o is missing")
    }

    @Test func `a frozen stage does not run below one that does`() throws {
        let project = try PipelineProject(
            """
            stages:
              above:
                cmd: cp n.txt a
                deps: [n.txt]
                outs: [a]
              below:
                cmd: exit 1
                frozen: true
                deps: [a]
                outs: [b]

            """, files: ["n.txt": "", "b": ""])
        #expect(project.states(try project.run()) == ["above ran", "below skipped"])
    }

    @Test func `what somebody wrote into an out is kept before the stage gives its own back`() throws {
        let project = try PipelineProject()
        try project.run()
        try project.folder.write("by hand\n", to: "doubled.txt")
        let report = try project.run()
        #expect(project.states(report) == ["double cached", "report skipped"])
        #expect(try project.folder.read("doubled.txt") == "41\n")
        let kept = try #require(report.records[0].overwritten.first)
        let content = try OpenProject(project.surroundings()).store.read(kept.fingerprint.digest)
        #expect(String(decoding: content, as: UTF8.self) == "by hand\n")
        #expect(
            report.warnings.map(\.description) == [
                """
                stage double: out doubled.txt had been changed outside the pipeline and was overwritten
                hint: what it held is kept for now: `repro get \(kept.fingerprint.digest.id)`
                """
            ])
    }

    @Test func `of a stage below one that runs, what is certain already is told first`() throws {
        let project = try PipelineProject(
            """
            stages:
              first:
                cmd: cp n.txt a
                deps: [n.txt]
                outs: [a]
              second:
                cmd: cat a m.txt > b
                deps: [a, m.txt]
                outs: [b]

            """, files: ["n.txt": "1", "m.txt": "1"])
        try project.run()
        try project.folder.write("2", to: "n.txt")
        try project.folder.write("2", to: "m.txt")
        let step = try explainStage("second", in: project.surroundings()).step
        #expect(step.action.reasons.map { $0.description.prefix(13) } == ["dep m.txt cha", "stage first r"])
    }

    @Test func `a persisting out is still there when the stage runs again`() throws {
        let project = try PipelineProject(
            """
            stages:
              grow:
                cmd: cat n.txt >> grown.txt
                deps: [n.txt]
                outs:
                - grown.txt:
                    persist: true

            """, files: ["n.txt": "1\n"])
        try project.run()
        try project.folder.write("2\n", to: "n.txt")
        try project.run()
        #expect(try project.folder.read("grown.txt") == "1\n2\n")
    }

    @Test(arguments: ["hardlink", "symlink"])
    func `a persisting out that is a link into the store becomes a file of its own before the stage adds to it`(
        link: String
    ) throws {
        let project = try PipelineProject(
            """
            stages:
              grow:
                cmd: cat n.txt >> grown/all.txt
                deps: [n.txt]
                outs:
                - grown:
                    persist: true

            """, files: ["n.txt": "1\n", "grown/all.txt": "0\n"])
        try project.folder.write("version: 1\nstore:\n  links: [\(link)]\n", to: ".repro/config.yaml")
        try project.run { $0.name = "first" }
        // As a checkout leaves it: read-only, and the store's own.
        try FileSystem.real.removeTree(project.folder["grown"])
        _ = try restoreRun(RestoreRunOptions(run: "first"), in: project.surroundings())
        try project.folder.write("2\n", to: "n.txt")
        try project.run()
        #expect(try project.folder.read("grown/all.txt") == "0\n1\n2\n")
        let report = try verifyStore(in: project.surroundings(), monitor: SilentMonitor())
        #expect(report.damaged.isEmpty)
    }
}

/// Interrupts as soon as a stage has started.
private struct InterruptingObserver: PipelineObserver {
    let stage: String
    let interrupter: RunInterrupter

    init(at stage: String, _ interrupter: RunInterrupter) {
        self.stage = stage
        self.interrupter = interrupter
    }

    func willRun(_ stages: [StageName]) {}
    func started(_ stage: StageName, reasons: [StageReason], at time: Timestamp) {
        if stage.text == self.stage { interrupter.interrupt() }
    }
    func output(_ stage: StageName, _ bytes: [UInt8]) {}
    func waitingForLock(_ stage: StageName) {}
    func retrying(_ stage: StageName, attempt: Int, after pause: Duration) {}
    func finished(_ record: StageRecord) {}
}
