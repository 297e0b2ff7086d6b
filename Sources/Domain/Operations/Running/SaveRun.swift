import Diagnostics
import Files
import Objects
import Pipelines
import Threads
import Workspaces

package struct SaveRunOptions: Sendable {
    package var name: String?
    package var experiment: String?

    package init() {}
}

/// Records the workspace as it is as a run, and runs nothing: its params, the metrics in its files, and its outs, which
/// go into the store.
///
/// A stage that is up to date is recorded as skipped. Of one that is not, nobody knows whether its outs belong to its
/// inputs: it is recorded with the outs that are there and the reasons why it would run, but without its key, so that
/// nothing is ever taken for its result.
package func saveRun(_ options: SaveRunOptions, in surroundings: Surroundings) throws -> RunPipelineReport {
    let opened = try OpenProject(surroundings)
    try opened.store.beginWork()
    var running = RunPipelineOptions()
    running.name = options.name
    running.experiment = options.experiment
    let git = GitSnapshot.begin(opened)
    let prepared = try PreparedRun(opened, running, belief: .take)
    let records = try mapConcurrently(prepared.plan.steps, width: coreCount) { step in
        try opened.record(of: step, prepared.parts)
    }
    // Stages that DVC had run are known from here on.
    try prepared.parts.lock.flush()
    let tracker = try RunTracker(opened, running, prepared, .new, git: git)
    tracker.settled(records)
    let metrics = tracker.logMetrics(
        of: prepared.plan.steps.map(\.stage), from: .onDisk(root: opened.project.root))
    return try tracker.finish(records, metrics, wasInterrupted: false)
}

extension OpenProject {
    fileprivate func record(of step: PipelinePlan.Step, _ parts: PipelineParts) throws -> StageRecord {
        var record = StageRecord(
            stage: step.stage.name, state: step.action.isSettled ? .skipped : .notRun,
            startedAt: surroundings.clock.now())
        record.reasons = step.action.reasons
        if step.action.isSettled { record.inputs = step.inputs }
        for output in step.stage.outputs {
            let path = project.root.appending(output.path)
            guard try project.fileSystem.statusFollowingLinks(of: path) != nil else { continue }
            record.outputs.append(try parts.keep(output, of: step.stage))
        }
        return record
    }
}
