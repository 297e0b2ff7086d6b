import Diagnostics
import Experiments
import Files
import Objects
import TestSupport
import Workspaces

@testable import ReproLogging

/// A project of a test's own, and a program in it that logs.
final class LoggingProject: Sendable {
    let folder: TemporaryFolder
    let project: Project

    init() throws {
        folder = try TemporaryFolder()
        project = try Project.create(at: folder.path)
    }

    func context(_ environment: [String: String] = [:]) -> RunContext {
        RunContext(
            environment: ["USER": "ana", "PATH": "/usr/bin:/bin", "HOME": folder["home"].description]
                .merging(environment) { $1 },
            workingDirectory: folder.path, commandLine: ["train", "--fast"])
    }

    func start(
        experiment: String? = nil, name: String? = nil, environment: [String: String] = [:],
        _ change: (inout RunOptions) -> Void = { _ in }
    ) throws -> ReproLogging.Run {
        try ReproLogging.Run.start(
            experiment: experiment, name: name, options: options(change), in: context(environment))
    }

    func options(_ change: (inout RunOptions) -> Void = { _ in }) -> RunOptions {
        var options = RunOptions()
        // A test asks for these by itself.
        options.systemMetricsInterval = nil
        options.recordsCode = false
        options.watchesSignals = false
        change(&options)
        return options
    }

    var store: any TrackingStore {
        get throws { try SQLExperimentStore(file: project.trackingDatabase) }
    }

    func record(_ run: ReproLogging.Run) throws -> RunRecord? { try store.record(RunID(run.id)) }

    func artifact(_ name: String, of run: ReproLogging.Run) throws -> [UInt8]? {
        let store = try store
        let path = try store.artifactFolder(of: RunID(run.id)).appending(try RelativePath(parsing: name))
        return try store.artifact(path).map { try Workspace.open(project).store.read($0.digest) }
    }
}
