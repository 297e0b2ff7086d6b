import Diagnostics
import Experiments
import Files
import JSON
import Objects
import Pipelines
import TestSupport
import Testing
import Workspaces

@testable import Operations

/// What a run leaves in the tracking store, and what can be asked of it.
@Suite struct RecordingTests {
    @Test func `a run records params, metrics, stages and who ran what`() throws {
        let project = try PipelineProject()
        let report = try project.run { options in
            options.name = "baseline"
            options.experiment = "numbers"
        }
        let shown = try showRun("baseline", in: project.surroundings())
        #expect(shown.record.run.id == report.run.id)
        #expect(shown.record.run.status == .finished)
        #expect(shown.record.run.experimentName == "numbers")
        #expect(shown.record.run.user == "tester")
        #expect(shown.record.run.commandLine == ["repro", "run"])
        #expect(shown.record.params == ["by": .integer(1)])
        #expect(shown.record.metrics.mapValues(\.value) == ["value": 41])
        #expect(shown.stages.map(\.stage) == ["double", "report"])
        #expect(shown.stages.map(\.state) == [.ran, .ran])
        #expect(shown.stages[0].reasons == ["it has not run before"])
        #expect(shown.stages[0].inputs.map(\.path.description) == ["n.txt"])
        #expect(shown.stages[0].outputs.map(\.path.description) == ["doubled.txt"])
        #expect(
            shown.stages[1].commands == [
                "echo report >> ran.log; echo \"{\\\"value\\\": $(cat doubled.txt)}\" > report.json"
            ])
    }

    @Test func `a run in which nothing was done records the same metrics`() throws {
        let project = try PipelineProject()
        try project.run()
        try project.run { $0.name = "again" }
        let shown = try showRun("again", in: project.surroundings())
        #expect(shown.stages.map(\.state) == [.skipped, .skipped])
        #expect(shown.record.metrics.mapValues(\.value) == ["value": 41])
    }

    @Test func `runs are listed by a filter and an order`() throws {
        let project = try PipelineProject()
        for by in 1...3 {
            try project.run { options in
                options.overrides = ["by=\(by)"]
                options.name = "by\(by)"
            }
        }
        var options = ListRunsOptions()
        options.filter = "metrics.value > 41 and params.by < 5"
        options.sort = ["metrics.value desc"]
        let page = try listRuns(options, in: project.surroundings())
        #expect(page.records.map(\.run.name) == ["by3", "by2"])
    }

    @Test func `comparing names the params, metrics and the first stage that differ, down to the file`() throws {
        let project = try PipelineProject(
            """
            stages:
              join:
                cmd: cat data/* > all.txt
                deps: [data]
                outs: [all.txt]
              count:
                cmd: 'echo "{\\"lines\\": $(wc -l < all.txt)}" > count.json'
                deps: [all.txt]
                metrics: [count.json]

            """, files: ["data/a.txt": "1\n", "data/sub/b.txt": "2\n", "data/c.txt": "3\n"])
        try FileSystem.real.removeTree(project.folder["data/sub"])
        try project.run { $0.name = "before" }
        try project.folder.write("1\n1\n", to: "data/a.txt")
        try project.run { $0.name = "after" }
        let report = try compareRuns(CompareRunsOptions(runs: ["before", "after"]), in: project.surroundings())
        #expect(report.metrics.map(\.name) == ["lines"])
        #expect(report.metrics[0].values == [2, 3])
        #expect(report.stages.map(\.stage) == ["join", "count"])
        #expect(report.stages[0].inputs.map(\.path) == ["data/a.txt"])
        #expect(report.stages[0].outputs.map(\.path) == ["all.txt"])
    }

    @Test func `restoring brings params and outs back without running`() throws {
        let project = try PipelineProject()
        try project.run { $0.name = "first" }
        try project.run { $0.overrides = ["by=9"] }
        _ = try project.executions()
        let report = try restoreRun(RestoreRunOptions(run: "first"), in: project.surroundings())
        #expect(report.params.map { "\($0.name) \($0.before.text()) \($0.after.text())" } == ["by 9 1"])
        #expect(report.upToDate.map(\.text) == ["double", "report"])
        #expect(try project.folder.read("report.json") == "{\"value\": 41}\n")
        #expect(try project.folder.read("params.yaml") == "by: 1 # added\n")
        #expect(project.states(try project.run()) == ["double skipped", "report skipped"])
        #expect(try project.executions() == [])
    }

    @Test func `restoring refuses to lose what is saved nowhere, unless forced`() throws {
        let project = try PipelineProject()
        try project.run { $0.name = "first" }
        try project.folder.write("by hand\n", to: "doubled.txt")
        let outError = #expect(throws: OperationError.self) {
            try restoreRun(RestoreRunOptions(run: "first"), in: project.surroundings())
        }
        #expect(
            outError?.description == """
                doubled.txt holds content that is in no store, and would be overwritten
                hint: move it away, or pass --force to lose it
                """)
        try project.run()
        try project.folder.write("by: 5\n", to: "params.yaml")
        let paramError = #expect(throws: OperationError.self) {
            try restoreRun(RestoreRunOptions(run: "first"), in: project.surroundings())
        }
        #expect(paramError?.message == "param by is 5, which no run has used, and would be changed")
        var forced = RestoreRunOptions(run: "first")
        forced.isForced = true
        _ = try restoreRun(forced, in: project.surroundings())
        #expect(try project.folder.read("params.yaml") == "by: 1\n")
    }

    @Test func `why names what changed, and why the stage last ran`() throws {
        let project = try PipelineProject()
        try project.run { $0.name = "first" }
        try project.folder.write("21\n", to: "n.txt")
        let report = try explainStage("double", in: project.surroundings())
        guard case .run(let reasons) = report.step.action else { Issue.record("it must run"); return }
        #expect(reasons.count == 1)
        #expect(reasons.first?.description.hasPrefix("dep n.txt changed: ") == true)
        #expect(report.last?.run.name == "first")
        #expect(report.last?.execution.reasons == ["it has not run before"])
    }

    @Test func `the log of a stage can be read, also through a run that skipped it`() throws {
        let project = try PipelineProject(
            "stages:\n  say:\n    cmd: echo hello\n    deps: [n.txt]\n", files: ["n.txt": ""])
        try project.run { $0.name = "first" }
        try project.run { $0.name = "second" }
        let first = try readStageLog(run: "first", stage: "say", in: project.surroundings())
        #expect(String(decoding: first.bytes, as: UTF8.self) == "hello\n")
        let second = try readStageLog(run: "last", stage: "say", in: project.surroundings())
        #expect(second.bytes == first.bytes)
        #expect(second.writtenBy?.name == "first")
        let error = #expect(throws: OperationError.self) {
            try readStageLog(run: "first", stage: "sya", in: project.surroundings())
        }
        #expect(error?.hint == "did you mean `say`?")
    }

    @Test func `params and metrics are compared between a run and the workspace`() throws {
        let project = try PipelineProject()
        try project.run()
        try project.folder.write("by: 4\n", to: "params.yaml")
        let params = try diffParams(DiffValuesOptions(), in: project.surroundings())
        #expect(params.rows.map(\.name) == ["by"])
        #expect(params.rows[0].delta == 3)
        #expect(try diffMetrics(DiffValuesOptions(), in: project.surroundings()).rows.isEmpty)
    }

    @Test func `the commit and the uncommitted changes are recorded`() throws {
        let project = try TemporaryProject([
            "repro.yaml": PipelineProject.chain, "n.txt": "20\n", "params.yaml": "by: 1\n",
        ])
        try project.commitToGit()
        let surroundings = Surroundings(
            workingDirectory: project.root, environment: ["PATH": "/usr/bin:/bin", "HOME": project.home.description],
            hostName: "h", userName: "u", commandLine: [])
        var options = RunPipelineOptions()
        options.overrides = ["by=2"]
        let report = try runPipeline(
            options, in: surroundings, interrupter: RunInterrupter(), observer: SilentObserver())
        let git = try #require(report.run.git)
        #expect(git.commit.count == 40)
        #expect(git.branch == "main")
        #expect(git.isDirty)
        let patch = try OpenProject(surroundings).store.read(#require(git.patch))
        #expect(String(decoding: patch, as: UTF8.self).contains("-by: 1\n+by: 2\n"))
    }

    @Test func `a damaged object is named with all who need it`() throws {
        let project = try PipelineProject()
        try project.run { $0.name = "first" }
        let opened = try OpenProject(project.surroundings())
        let digest = try #require(try opened.workspace.fingerprint(RelativePath(parsing: "doubled.txt"))?.digest)
        let objects = try allFiles(below: opened.store.folder).filter {
            $0.description.contains(digest.id.description.dropFirst(2))
        }
        for object in objects {
            try FileSystem.real.setPermissions(object, 0o644)
            _ = try FileSystem.real.removeFile(object)
            try FileSystem.real.writeAtomically(Array("garbage".utf8), to: object)
        }
        let report = try verifyStore(in: project.surroundings(), monitor: SilentMonitor())
        #expect(report.damaged.map(\.object.id) == [digest.id])
        #expect(
            report.damaged.first?.referrers == [
                "repro.lock, stage double, doubled.txt", "run first, stage double, doubled.txt",
            ])
    }

    private func allFiles(below folder: AbsolutePath) throws -> [AbsolutePath] {
        try FileSystem.real.openFolder(folder).names().flatMap { name -> [AbsolutePath] in
            let path = folder.appending(RelativePath(unchecked: name))
            return try FileSystem.real.status(of: path)?.kind == .folder ? allFiles(below: path) : [path]
        }
    }
}
