import Diagnostics
import Files
import Pipelines
import TestSupport
import Testing

@testable import Operations

@Suite struct StageEditingTests {
    /// With comments that an edit must keep.
    static let pipeline = """
        # The pipeline.
        stages:
          # First.
          one:
            cmd: cp in.txt one.txt  # copies
            deps: [in.txt]
            outs: [one.txt]

          two:
            cmd: cp one.txt two.txt
            deps: [one.txt]
            outs: [two.txt]
          many:
            foreach: [a, b]
            do:
              cmd: echo ${item} > ${item}.txt
              outs: ["${item}.txt"]

        """

    let project: PipelineProject

    init() throws { project = try PipelineProject(Self.pipeline, files: ["in.txt": "1\n"]) }

    private func file() throws -> String { try project.folder.read("repro.yaml") }

    @Test func `stages are listed in running order, without any data`() throws {
        _ = try FileSystem.real.removeFile(project.folder["in.txt"])
        let names = try listStages([], in: project.surroundings()).map(\.name.text)
        #expect(names == ["one", "two", "many@a", "many@b"])
        #expect(try listStages(["many"], in: project.surroundings()).map(\.name.text) == ["many@a", "many@b"])
    }

    @Test func `a stage is shown with its neighbours`() throws {
        let report = try showStage("one", in: project.surroundings())
        #expect(report.downstream == [StageName("two")])
        #expect(report.upstream == [])
        let error = #expect(throws: OperationError.self) { try showStage("many", in: project.surroundings()) }
        #expect(error?.message == "`many` means 2 stages")
        #expect(error?.hint == "name one of them: many@a, many@b")
    }

    @Test func `an added stage stands at the end, and all else stays`() throws {
        var options = AddStageOptions(name: "three", commands: ["wc -l two.txt > three.json"])
        options.dependencies = ["two.txt"]
        options.params = ["lr,dim", "other.toml:x", "whole.json:"]
        options.outputs = [
            (.init("metrics", isCached: false), "three.json"), (.init("outs", persists: true), "state"),
        ]
        options.summary = "counts: lines"
        let report = try addStage(options, in: project.surroundings())
        #expect(report.file.description == "repro.yaml")
        #expect(
            try file() == Self.pipeline.dropLast() + """

                  three:
                    cmd: wc -l two.txt > three.json
                    deps:
                      - two.txt
                    params:
                      - lr
                      - dim
                      - other.toml:
                          - x
                      - whole.json: null
                    outs:
                      - state:
                          persist: true
                    metrics:
                      - three.json:
                          cache: false
                    desc: 'counts: lines'

                """)
    }

    @Test func `the first stage makes the pipeline file`() throws {
        let empty = try PipelineProject("", files: [:])
        _ = try FileSystem.real.removeFile(empty.folder["repro.yaml"])
        _ = try addStage(AddStageOptions(name: "a", commands: ["true"]), in: empty.surroundings())
        #expect(
            try empty.folder.read("repro.yaml") == "stages:\n  a:\n    cmd: true\n".replacing("true", with: "'true'"))
        _ = try removeStages(["a"], in: empty.surroundings())
        _ = try addStage(AddStageOptions(name: "b", commands: ["ls"]), in: empty.surroundings())
        #expect(try listStages([], in: empty.surroundings()).map(\.name.text) == ["b"])
    }

    @Test func `a stage that would not fit is not written`() throws {
        var options = AddStageOptions(name: "three", commands: ["x"])
        options.outputs = [(.init("outs"), "one.txt")]
        #expect(throws: PipelineLanguageError.self) { try addStage(options, in: project.surroundings()) }
        let named = #expect(throws: OperationError.self) {
            try addStage(AddStageOptions(name: "a b", commands: ["x"]), in: project.surroundings())
        }
        #expect(named == .stageName("a b"))
        let exists = #expect(throws: OperationError.self) {
            try addStage(AddStageOptions(name: "one", commands: ["x"]), in: project.surroundings())
        }
        #expect(exists?.message == "repro.yaml has a stage one already")
        #expect(try file() == Self.pipeline)
    }

    @Test func `a removed stage leaves the file and the lock file`() throws {
        try project.run { $0.targets = ["two"] }
        let report = try removeStages(["two", "many"], in: project.surroundings())
        #expect(report.stages.map(\.text) == ["two", "many@a", "many@b"])
        #expect(
            try file() == """
                # The pipeline.
                stages:
                  # First.
                  one:
                    cmd: cp in.txt one.txt  # copies
                    deps: [in.txt]
                    outs: [one.txt]


                """)
        #expect(!(try project.folder.read("repro.lock").contains("two:")))
        #expect(try project.folder.read("two.txt") == "1\n")
    }

    @Test func `one of a group cannot be removed or frozen alone`() throws {
        let removing = #expect(throws: OperationError.self) { try removeStages(["many@a"], in: project.surroundings()) }
        #expect(removing?.message == "stage many@a does not stand in repro.yaml: `many` makes it")
        #expect(removing?.hint == "remove or edit the whole group, `many`")
        #expect(throws: OperationError.self) { try freezeStages(["many"], .freeze, in: project.surroundings()) }
        #expect(try file() == Self.pipeline)
    }

    @Test func `a frozen stage does not run, and unfreezing brings the file back`() throws {
        try project.run()
        try project.folder.write("2\n", to: "in.txt")
        #expect(try freezeStages(["one"], .freeze, in: project.surroundings()) == [StageName("one")])
        #expect(try file().contains("    outs: [one.txt]\n    frozen: true\n"))
        #expect(project.states(try project.run()).prefix(2) == ["one skipped", "two skipped"])
        #expect(try freezeStages(["one"], .freeze, in: project.surroundings()) == [])
        #expect(try freezeStages(["one"], .unfreeze, in: project.surroundings()) == [StageName("one")])
        #expect(try file() == Self.pipeline)
        #expect(project.states(try project.run()).prefix(2) == ["one ran", "two ran"])
    }

    @Test func `a stage of a sub-folder's dvc.yaml is added and removed there`() throws {
        let nested = try PipelineProject("", files: ["sub/dvc.yaml": "stages:\n  a:\n    cmd: echo\n"])
        _ = try FileSystem.real.removeFile(nested.folder["repro.yaml"])
        var surroundings = nested.surroundings()
        surroundings.workingDirectory = nested.folder["sub"]
        let report = try addStage(AddStageOptions(name: "b", commands: ["ls"]), in: surroundings)
        #expect(report.stage == StageName("sub/dvc.yaml:b"))
        _ = try removeStages(["sub/dvc.yaml:a"], in: surroundings)
        #expect(try nested.folder.read("sub/dvc.yaml") == "stages:\n  b:\n    cmd: ls\n")
    }
}
