import Diagnostics
import Files
import FoundationEssentials
import Pipelines
import TestSupport
import Testing

@testable import Operations

/// A file system that fails in the middle of a run: whatever fails, nothing is lost, and the next run ends as if nothing
/// had happened.
@Suite struct RunFaultTests {
    /// One call in so many is made to fail, which covers the whole run in seconds; `make fault-test` takes every call.
    private static let step = ProcessInfo.processInfo.environment["REPRO_EVERY_FAULT"] == nil ? 7 : 1

    @Test(arguments: [FaultyFileSystem.Failure.diskFull, .tornWrite, .crash])
    func `a run on a disk that fails ends with words, and the next one finishes the work`(
        failure: FaultyFileSystem.Failure
    ) throws {
        let callCount = try countCalls()
        #expect(callCount > 50, "the file system must be the one that the run uses")
        for call in stride(from: 1, through: callCount, by: Self.step) {
            let project = try PipelineProject()
            let faulty = FaultyFileSystem()
            faulty.fail(atCall: call, with: failure)
            run(project, on: faulty.fileSystem)
            let report = try project.run()
            #expect(report.failure == nil, "after a failing call \(call): \(report.failure?.description ?? "")")
            #expect(try project.folder.read("report.json") == "{\"value\": 41}\n", "after a failing call \(call)")
            let verification = try verifyStore(in: project.surroundings(), monitor: SilentMonitor())
            #expect(verification.damaged.isEmpty, "after a failing call \(call)")
        }
    }

    @Test func `a full disk is named, with what to do`() throws {
        let project = try PipelineProject()
        try project.run()
        try project.folder.write("21\n", to: "n.txt")
        let fileSystem = FileSystem(faults: { call in call.action == .write ? .fail(.diskFull) : nil })
        var options = RunPipelineOptions()
        options.overrides = ["by=2"]
        var thrown: (any Error)?
        do {
            _ = try runPipeline(
                options, in: project.surroundings(fileSystem: fileSystem), interrupter: RunInterrupter(),
                observer: SilentObserver())
        } catch {
            thrown = error
        }
        let error = try #require(thrown as? any UserFacingError)
        #expect(error.kind == .unavailable)
        #expect(error.message.hasPrefix("disk full while writing "))
        #expect(error.hint != nil)
        #expect(try project.folder.read("params.yaml") == "by: 1 # added\n")
    }

    @Test func `a store that cannot be written to fails the stage, and says which file`() throws {
        let project = try PipelineProject()
        let store = project.folder[".repro/store"]
        let fileSystem = FileSystem(faults: { call in
            let isInStore = call.path.relative(to: store) != nil
            return isInStore && [.create, .makeFolder, .rename].contains(call.action) ? .fail(.readOnly) : nil
        })
        let report = try runPipeline(
            RunPipelineOptions(), in: project.surroundings(fileSystem: fileSystem), interrupter: RunInterrupter(),
            observer: SilentObserver())
        let failure = try #require(report.failure)
        #expect(failure.kind == .denied)
        #expect(failure.message.contains(".repro/store"))
        #expect(project.states(report) == ["double failed", "report not_run"])
    }

    private func run(_ project: PipelineProject, on fileSystem: FileSystem) {
        // Whether it throws or reports, what counts is what it leaves.
        _ = try? runPipeline(
            RunPipelineOptions(), in: project.surroundings(fileSystem: fileSystem), interrupter: RunInterrupter(),
            observer: SilentObserver())
    }

    private func countCalls() throws -> Int {
        let project = try PipelineProject()
        let faulty = FaultyFileSystem()
        run(project, on: faulty.fileSystem)
        return faulty.calls.count
    }
}
