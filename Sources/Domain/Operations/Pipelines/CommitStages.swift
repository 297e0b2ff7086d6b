import Files
package import Pipelines
import Workspaces

package struct CommitStagesReport: Sendable {
    package struct Entry: Sendable {
        package var stage: StageName
        package var outputs: [LockedOutput]
        /// Whether the lock file said something else before.
        package var changed: Bool
    }

    package var entries: [Entry]
}

/// Believes the workspace: records what it holds as what the stages read and make, without running anything.
///
/// Nothing is recorded if any of the stages misses a dep, a param or an out.
package func commitStages(
    _ targets: [String], _ scope: StageScope = .withUpstream, in surroundings: Surroundings
) throws -> CommitStagesReport {
    let opened = try OpenProject(surroundings)
    let files = ProjectFiles.onDisk(root: opened.project.root)
    let pipeline = try LoadedPipeline(files)
    let parts = try opened.pipelineParts(files: files)
    let folder = surroundings.workingDirectory.relative(to: opened.project.root) ?? .root
    let stages = try pipeline.select(targets, scope, from: folder).map { pipeline.graph.stages[$0] }
    for stage in stages {
        _ = try parts.readInputs(of: stage)
        for output in stage.outputs where try opened.workspace.fingerprint(output.path) == nil {
            throw OperationError.notCommitted(stage: stage.name.text, missing: output.path)
        }
    }
    var report = CommitStagesReport(entries: [])
    for stage in stages {
        let (locked, changed) = try parts.commit(stage)
        report.entries.append(.init(stage: stage.name, outputs: locked.outputs, changed: changed))
    }
    try parts.lock.flush()
    return report
}
