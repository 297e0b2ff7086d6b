import Diagnostics
import Experiments
import Files
import Pipelines
import TestSupport
import Testing

@testable import Operations

@Suite struct StageSelectionTests {
    @Test func `single runs the stage named and nothing that it needs`() throws {
        let project = try PipelineProject()
        try project.run()
        try project.folder.write("7\n", to: "n.txt")
        let report = try project.run {
            $0.targets = ["report"]
            $0.scope = .alone
        }
        #expect(project.states(report) == ["report skipped"])
    }

    @Test func `a mistyped group is named`() throws {
        let project = try PipelineProject(
            """
            stages:
              train:
                matrix: {size: [small, large]}
                cmd: echo ${item.size} > ${item.size}.txt
                outs: ["${item.size}.txt"]

            """, files: [:])
        let error = #expect(throws: PipelineLanguageError.self) { try project.run { $0.targets = ["trian"] } }
        #expect(error?.hint == "did you mean `train`?")
    }

    @Test func `downstream runs what the stage can change`() throws {
        let project = try PipelineProject()
        let report = try project.run {
            $0.targets = ["double"]
            $0.scope = .withDownstream
        }
        #expect(project.states(report) == ["double ran", "report ran"])
    }

    @Test func `frozen fails if a stage would run, and does nothing`() throws {
        let project = try PipelineProject()
        let error = #expect(throws: OperationError.self) { try project.run { $0.refusesToRun = true } }
        #expect(error?.kind == .failed)
        #expect(error?.message == "the pipeline is not up to date: double, report would run")
        #expect(try project.executions() == [])
        #expect(try listRuns(ListRunsOptions(), in: project.surroundings()).records.isEmpty)
    }

    @Test func `frozen restores what the store has`() throws {
        let project = try PipelineProject()
        try project.run()
        _ = try FileSystem.real.removeFile(project.folder["doubled.txt"])
        #expect(project.states(try project.run { $0.refusesToRun = true }) == ["double cached", "report skipped"])
    }

    @Test func `commit believes the workspace`() throws {
        let project = try PipelineProject()
        try project.folder.write("made by hand\n", to: "doubled.txt")
        try project.folder.write("{\"value\": 7}\n", to: "report.json")
        let report = try commitStages([], in: project.surroundings())
        #expect(report.entries.map(\.changed) == [true, true])
        #expect(project.states(try project.run()) == ["double skipped", "report skipped"])
        _ = try FileSystem.real.removeFile(project.folder["doubled.txt"])
        try project.run()
        #expect(try project.folder.read("doubled.txt") == "made by hand\n")
        #expect(try commitStages([], in: project.surroundings()).entries.map(\.changed) == [false, false])
    }

    @Test func `commit records nothing if an out is missing`() throws {
        let project = try PipelineProject()
        try project.folder.write("made by hand\n", to: "doubled.txt")
        let error = #expect(throws: OperationError.self) { try commitStages([], in: project.surroundings()) }
        #expect(error?.message == "stage report: out report.json does not exist")
        #expect(try FileSystem.real.status(of: project.folder["repro.lock"]) == nil)
    }
}
