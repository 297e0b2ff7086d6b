import Diagnostics
import Experiments
import Files
import Pipelines
import TestSupport
import Testing
import Threads
import Workspaces

@testable import Operations

/// `repro run --pull`: results and inputs of others, by way of a folder that is the remote.
@Suite struct PullResultsTests {
    private let shared: TemporaryFolder

    init() throws { shared = try TemporaryFolder() }

    private func project(_ pipeline: String = PipelineProject.chain) throws -> PipelineProject {
        let project = try PipelineProject(pipeline)
        try project.folder.write(
            "version: 1\nremotes:\n  origin:\n    url: \(shared["remote"])\n", to: ".repro/config.yaml")
        return project
    }

    private func push(_ project: PipelineProject) throws {
        _ = try pushToRemote(
            PushOptions(), in: project.surroundings(), cancellation: Cancellation(), monitor: SilentMonitor())
    }

    @Test func `what someone else has run and pushed is not run again`() throws {
        let first = try project()
        try first.run()
        try push(first)
        let second = try project()
        let report = try second.run { $0.pulls = true }
        #expect(second.states(report) == ["double cached", "report cached"])
        #expect(report.warnings.isEmpty)
        #expect(try second.executions() == [])
        #expect(try second.folder.read("report.json") == "{\"value\": 41}\n")
        #expect(report.metrics.map(\.value) == [41])
        // And it is known here from now on.
        _ = try FileSystem.real.removeFile(second.folder["repro.lock"])
        #expect(second.states(try second.run()) == ["double cached", "report cached"])
    }

    @Test func `only what differs is run`() throws {
        let first = try project()
        try first.run()
        try push(first)
        let second = try project()
        try second.folder.write("by: 2\n", to: "params.yaml")
        try second.run { $0.pulls = true }
        #expect(try second.executions() == ["double", "report"])
        try second.folder.write("by: 1\n", to: "params.yaml")
        let report = try second.run { $0.pulls = true }
        #expect(second.states(report) == ["double cached", "report cached"])
    }

    @Test func `the config may ask for it, and a run may decline`() throws {
        let first = try project()
        try first.run()
        try push(first)
        let second = try project()
        let config = try second.folder.read(".repro/config.yaml")
        try second.folder.write(config + "run:\n  pull: true\n", to: ".repro/config.yaml")
        #expect(second.states(try second.run { $0.pulls = false }) == ["double ran", "report ran"])
        let third = try project()
        try third.folder.write(config + "run:\n  pull: true\n", to: ".repro/config.yaml")
        #expect(third.states(try third.run()) == ["double cached", "report cached"])
    }

    @Test func `outs that the lock file names come from the remote`() throws {
        let first = try project()
        try first.run()
        try push(first)
        // As a clone: the lock file is in Git, the outs are not, and nobody has a run cache.
        let clone = try project()
        try clone.folder.write(try first.folder.read("repro.lock"), to: "repro.lock")
        let report = try clone.run { $0.pulls = true }
        #expect(clone.states(report) == ["double cached", "report cached"])
        #expect(try clone.executions() == [])
    }

    @Test func `tracked data that is missing comes from the remote`() throws {
        let first = try project()
        _ = try addData(
            AddDataOptions(paths: [Array("n.txt".utf8)]), in: first.surroundings(), monitor: SilentMonitor())
        try push(first)
        let second = try project()
        try second.folder.write(try first.folder.read("n.txt.repro"), to: "n.txt.repro")
        _ = try FileSystem.real.removeFile(second.folder["n.txt"])
        #expect(throws: StageError.self) { try second.run() }
        #expect(second.states(try second.run { $0.pulls = true }) == ["double ran", "report ran"])
        #expect(try second.folder.read("n.txt") == "20\n")
    }

    @Test func `a queued run takes missing inputs and results from the remote, too`() throws {
        let first = try project()
        _ = try addData(
            AddDataOptions(paths: [Array("n.txt".utf8)]), in: first.surroundings(), monitor: SilentMonitor())
        try first.run()
        try push(first)
        let second = try project()
        try second.folder.write(try first.folder.read("n.txt.repro"), to: "n.txt.repro")
        _ = try FileSystem.real.removeFile(second.folder["n.txt"])
        var options = RunPipelineOptions()
        #expect(throws: StageError.self) { try queueRuns(options, in: second.surroundings()) }
        options.pulls = true
        let run = try #require(try queueRuns(options, in: second.surroundings()).entries.first).run
        let report = try workQueue(
            WorkQueueOptions(), in: second.surroundings(), interrupter: RunInterrupter(), observer: Unwatched())
        #expect(report.runs.map(\.status) == [.finished])
        let stages = try OpenProject(second.surroundings()).experiments.stages(run: run.id)
        #expect(stages.map(\.state) == [.cached, .cached])
        #expect(try second.executions() == [])
    }

    @Test func `tracked data that nobody has is named with who could give it`() throws {
        let first = try project()
        _ = try addData(
            AddDataOptions(paths: [Array("n.txt".utf8)]), in: first.surroundings(), monitor: SilentMonitor())
        let second = try project()
        try second.folder.write(try first.folder.read("n.txt.repro"), to: "n.txt.repro")
        _ = try FileSystem.real.removeFile(second.folder["n.txt"])
        var thrown: (any Error)?
        do { try second.run { $0.pulls = true } } catch { thrown = error }
        #expect(
            (thrown as? any UserFacingError)?.kind == .corrupt || (thrown as? any UserFacingError)?.kind == .notFound)
    }

    @Test func `a remote that fails costs a warning, not the run`() throws {
        let project = try project()
        // A file where the remote's folder should be.
        try shared.write("no folder", to: "remote")
        let report = try project.run { $0.pulls = true }
        #expect(project.states(report) == ["double ran", "report ran"])
        #expect(report.failure == nil)
        #expect(report.warnings.count == 1)
        #expect(report.warnings.first?.kind == .unavailable)
        #expect(report.warnings.first?.message.contains("nothing more was taken from") == true)
    }

    @Test func `content that is damaged in the remote is made here`() throws {
        let first = try project()
        try first.run()
        try push(first)
        for pack in try Self.files(below: shared["remote/packs"]) {
            var bytes = try FileSystem.real.read(pack)
            for place in stride(from: 0, to: bytes.count, by: 3) { bytes[place] ^= 0x55 }
            try FileSystem.real.setPermissions(pack, 0o644)
            try FileSystem.real.writeAtomically(bytes, to: pack)
        }
        let second = try project()
        let report = try second.run { $0.pulls = true }
        #expect(second.states(report) == ["double ran", "report ran"])
        #expect(try second.folder.read("report.json") == "{\"value\": 41}\n")
        #expect(report.failure == nil)
        #expect(!report.warnings.isEmpty)
    }

    @Test func `without a remote, --pull is a mistake`() throws {
        let project = try PipelineProject()
        let error = #expect(throws: OperationError.self) { try project.run { $0.pulls = true } }
        #expect(error == .noRemote)
    }

    private static func files(below folder: AbsolutePath) throws -> [AbsolutePath] {
        try FileSystem.real.openFolder(folder).namesAndFolders().flatMap { entry -> [AbsolutePath] in
            let path = folder.appending(RelativePath(unchecked: entry.name))
            return entry.isFolder ? try files(below: path) : [path]
        }
    }
}

private struct Unwatched: QueueObserver {
    func started(_ run: Run) {}
    func finished(_ run: Run, _ failure: (any UserFacingError)?) {}
}
