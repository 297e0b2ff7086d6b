import Diagnostics
import Experiments
import Files
import JSON
import Pipelines
import TestSupport
import Testing

@testable import Operations

@Suite struct SaveRunTests {
    @Test func `the workspace as it is becomes a run, and nothing runs`() throws {
        let project = try PipelineProject()
        try project.run()
        _ = try project.executions()
        try project.folder.write("{\"value\": 7}\n", to: "report.json")
        var options = SaveRunOptions()
        options.name = "by-hand"
        let report = try saveRun(options, in: project.surroundings())
        #expect(try project.executions() == [])
        #expect(report.run.name == "by-hand")
        #expect(report.run.status == .finished)
        #expect(project.states(report) == ["double skipped", "report not_run"])
        #expect(report.metrics.map(\.value) == [7])
        let shown = try showRun("by-hand", in: project.surroundings())
        #expect(shown.record.params["by"] == .integer(1))
        #expect(shown.stages.map(\.state) == [.skipped, .blocked])
        #expect(shown.stages[1].reasons == ["out report.json was changed outside the pipeline"])
    }

    @Test func `what was saved can be restored, but is never taken for a result`() throws {
        let project = try PipelineProject()
        try project.run()
        try project.folder.write("{\"value\": 7}\n", to: "report.json")
        let saved = try saveRun(SaveRunOptions(), in: project.surroundings())
        try project.folder.write("{\"value\": 8}\n", to: "report.json")
        var restoring = RestoreRunOptions(run: saved.run.id.text)
        restoring.isForced = true
        let restored = try restoreRun(restoring, in: project.surroundings())
        #expect(try project.folder.read("report.json") == "{\"value\": 7}\n")
        #expect(restored.upToDate.map(\.text) == ["double"])
        #expect(project.states(try project.run()) == ["double skipped", "report cached"])
        #expect(try project.folder.read("report.json") == "{\"value\": 41}\n")
    }

    @Test func `a project that has never run can be saved`() throws {
        let project = try PipelineProject()
        let report = try saveRun(SaveRunOptions(), in: project.surroundings())
        #expect(project.states(report) == ["double not_run", "report not_run"])
        #expect(report.metrics.isEmpty)
    }

    @Test func `a mistake in the pipeline leaves no run`() throws {
        let project = try PipelineProject()
        try project.folder.write("by: 1\nother: x\n", to: "params.yaml")
        try project.folder.write("stages: {a: {cmd: x, deps: [missing.txt], outs: [o]}}\n", to: "repro.yaml")
        #expect(throws: StageError.self) { try saveRun(SaveRunOptions(), in: project.surroundings()) }
        #expect(throws: OperationError.self) { try showRun("last", in: project.surroundings()) }
    }
}
