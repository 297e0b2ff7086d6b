import Diagnostics
import Experiments
import Files
import JSON
import Pipelines
import TestSupport
import Workspaces

@testable import Operations

/// Two projects that are kept alike. One remembers that it was up to date, the other never does: both must say the same.
final class TwinProjects {
    let remembering: PipelineProject
    let forgetful: PipelineProject

    /// What is said of a run, without what differs from one to the next.
    struct Answer: Equatable {
        var states: [String] = []
        var metrics: [String] = []
        var warnings: [String] = []
        var executions: [StageExecution] = []
        var params: [String: JSONValue] = [:]
        var error: String?
    }

    /// Each kind of dep, param, out and variable.
    static let pipeline = """
        vars: [settings.yaml]
        stages:
          split:
            cmd: cat data/*.txt data/sub/*.txt > all.txt; echo ${scale} >> all.txt
            deps: [data]
            outs: [all.txt]
          train:
            cmd: mkdir -p model; cp all.txt model/weights; echo ${rate} > model/rate
            deps: [all.txt, code.sh]
            params: [rate]
            outs: [model]
          evaluate:
            cmd: 'echo "{\\"lines\\": $(wc -l < model/weights)}" > metrics.json'
            deps: [model]
            metrics: [metrics.json]
          report:
            cmd: echo $TEAM > report.txt
            deps: [metrics.json]
            env: [TEAM]
            params:
              - other.json: [title]
            outs: [report.txt]
          copies:
            foreach: [a, b]
            do:
              cmd: cp all.txt copy-${item}
              deps: [all.txt]
              outs: ["copy-${item}"]
          old:
            cmd: echo old > old.txt
            frozen: false
            outs: [old.txt]

        """

    static let files = [
        "settings.yaml": "scale: 3\n", "params.yaml": "rate: 1\nunused: 2\n",
        "other.json": "{\"title\": \"t\", \"x\": 1}",
        "data/a.txt": "1\n", "data/b.txt": "2\n", "data/sub/c.txt": "3\n", "code.sh": "echo\n", "old.txt": "old\n",
        "unrelated.txt": "u\n",
    ]

    init() throws {
        remembering = try PipelineProject(Self.pipeline, files: Self.files)
        forgetful = try PipelineProject(Self.pipeline, files: Self.files)
    }

    /// Runs until there is nothing to do, and that is remembered.
    func settle() throws {
        for _ in 1...2 { _ = try run() }
    }

    /// From here on the last stage is taken as it is.
    func freeze() throws {
        try edit { folder in
            try folder.write(
                folder.read("repro.yaml").replacing("frozen: false", with: "frozen: true"), to: "repro.yaml")
        }
    }

    func edit(_ change: (TemporaryFolder) throws -> Void) throws {
        for project in [remembering, forgetful] { try change(project.folder) }
    }

    /// What each says.
    func run(
        environment: [String: String] = ["TEAM": "blue"], _ change: (inout RunPipelineOptions) -> Void = { _ in }
    ) throws -> (remembering: Answer, forgetful: Answer) {
        _ = try FileSystem.real.removeTree(forgetful.folder[".repro/up-to-date"])
        return (
            try answer(of: remembering, environment, change), try answer(of: forgetful, environment, change)
        )
    }

    /// Whether the next run needs no plan.
    func recalls(
        environment: [String: String] = ["TEAM": "blue"], _ change: (inout RunPipelineOptions) -> Void = { _ in }
    ) throws -> Bool {
        var options = RunPipelineOptions()
        change(&options)
        let opened = try OpenProject(remembering.surroundings(environment: environment))
        var memory = UpToDateMemory(opened, options)
        return memory?.recall() != nil
    }

    private func answer(
        of project: PipelineProject, _ environment: [String: String], _ change: (inout RunPipelineOptions) -> Void
    ) throws -> Answer {
        do {
            let report = try project.run(
                { options in
                    options.reportsContents = false
                    change(&options)
                }, environment: environment)
            let shown = try showRun(report.run.id.text, in: project.surroundings())
            return Answer(
                states: project.states(report), metrics: report.metrics.map { "\($0)" },
                warnings: report.warnings.map(\.message), executions: shown.stages.map(comparable),
                params: shown.record.params, error: report.failure?.message)
        } catch let error as any UserFacingError {
            return Answer(error: error.message + (error.hint ?? ""))
        }
    }

    private func comparable(_ execution: StageExecution) -> StageExecution {
        var execution = execution
        execution.startedAt = nil
        execution.durationMilliseconds = nil
        return execution
    }
}
