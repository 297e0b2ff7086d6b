import Diagnostics
import Files
import Pipelines
import Synchronization
import TestSupport
import Workspaces

@testable import Operations

/// A project in a folder of its own, on which operations run in this process.
///
/// Its stages write what they did to `ran.log`, outside of what they declare, so that a test can count executions.
final class PipelineProject: Sendable {
    let folder: TemporaryFolder

    /// Two stages in a row over a param and a file: `double` reads n.txt and the param `by`, `report` reads its out.
    static let chain = """
        stages:
          double:
            cmd: echo double >> ran.log; echo $(( $(cat n.txt) * 2 + ${by} )) > doubled.txt
            deps: [n.txt]
            params: [by]
            outs: [doubled.txt]
          report:
            cmd: |-
              echo report >> ran.log; echo "{\\"value\\": $(cat doubled.txt)}" > report.json
            deps: [doubled.txt]
            metrics: [report.json]

        """

    init(_ pipeline: String = chain, files: [String: String] = ["n.txt": "20\n", "params.yaml": "by: 1 # added\n"])
        throws
    {
        folder = try TemporaryFolder()
        try folder.write(pipeline, to: "repro.yaml")
        for (name, content) in files { try folder.write(content, to: name) }
        _ = try Project.create(at: folder.path)
    }

    func surroundings(environment: [String: String] = [:], fileSystem: FileSystem = .real) -> Surroundings {
        Surroundings(
            workingDirectory: folder.path, environment: ["PATH": "/usr/bin:/bin"].merging(environment) { $1 },
            hostName: "test-host", userName: "tester", commandLine: ["repro", "run"], fileSystem: fileSystem)
    }

    @discardableResult
    func run(
        _ change: (inout RunPipelineOptions) -> Void = { _ in }, observer: any PipelineObserver = SilentObserver(),
        interrupter: RunInterrupter = RunInterrupter(), environment: [String: String] = [:]
    ) throws -> RunPipelineReport {
        var options = RunPipelineOptions()
        change(&options)
        return try runPipeline(
            options, in: surroundings(environment: environment), interrupter: interrupter, observer: observer)
    }

    /// The commands that ran since the last call, in order.
    func executions() throws -> [String] {
        guard try FileSystem.real.status(of: folder["ran.log"]) != nil else { return [] }
        let lines = try folder.read("ran.log").split(separator: "\n").map(String.init)
        _ = try FileSystem.real.removeFile(folder["ran.log"])
        return lines
    }

    func states(_ report: RunPipelineReport) -> [String] { report.records.map { "\($0.stage) \($0.state.rawValue)" } }
}
