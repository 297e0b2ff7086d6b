package import Diagnostics
package import Experiments
import Files
import Objects
package import Pipelines
import Threads
import Workspaces

/// What `repro run` is asked for.
package struct RunPipelineOptions: Sendable {
    /// Stages or outs; empty for all.
    package var targets: [String] = []
    /// `-S`: `key=value` for params.yaml, or `file:key=value`.
    package var overrides: [String] = []
    package var name: String?
    package var experiment: String?
    /// Nil: as configured, else as many as there are cores.
    package var jobs: Int?
    package var isForced = false
    package var keepGoing = false
    package var scope = StageScope.withUpstream
    /// For CI: that a stage would run is an error, and nothing is done.
    package var refusesToRun = false

    package init() {}
}

package struct RunPipelineReport: Sendable {
    package var run: Run
    /// One a stage, in the order of the pipeline.
    package var records: [StageRecord]
    package var metrics: [NamedMetric]
    /// What went wrong beside the stages; the run counts all the same.
    package var warnings: [any UserFacingError]

    /// Why the run did not come to a good end; nil if it did.
    package var failure: (any UserFacingError)? { records.lazy.compactMap(\.error).first }
}

/// Runs the pipeline, or the part that `options.targets` need, and records it as a run.
///
/// Everything that can be wrong with the user's files is found before anything is written: a mistake leaves params,
/// lock file and tracking as they were. Throws for such mistakes; a failing stage is in the report.
package func runPipeline(
    _ options: RunPipelineOptions, in surroundings: Surroundings, interrupter: RunInterrupter,
    observer: any PipelineObserver
) throws -> RunPipelineReport {
    try OpenProject(surroundings).runPipeline(options, interrupter: interrupter, observer: observer)
}

/// Under which run the pipeline is recorded.
enum RunRecording {
    case new
    /// One that waited in the queue; which code it uses was seen when it was queued.
    case queued(RunID)
}

extension OpenProject {
    func runPipeline(
        _ options: RunPipelineOptions, as recording: RunRecording = .new, interrupter: RunInterrupter,
        observer: any PipelineObserver
    ) throws -> RunPipelineReport {
        // Before the plan: what it finds in the run cache must not be collected meanwhile.
        try store.beginWork()
        // With overrides Git must wait for them: they are part of what the run uses.
        var git: GitSnapshot?
        if case .new = recording, options.overrides.isEmpty { git = GitSnapshot.begin(self) }
        let first = try PreparedRun(self, options, belief: .take)
        if options.refusesToRun { try first.refuseToRun() }
        let prepared = try first.applied()
        if case .new = recording, git == nil { git = GitSnapshot.begin(self) }
        let tracker = try RunTracker(self, options, prepared, recording, git: git)
        let jobs = options.jobs ?? project.config.jobs ?? coreCount
        let isForced = options.isForced
        let logs = liveLogs(of: tracker.run.id, in: logsProject)
        let runner = PipelineRunner(
            parts: prepared.parts,
            options: PipelineRunner.Options(jobs: jobs, keepGoing: options.keepGoing, isForced: { _ in isForced }),
            observer: TrackingObserver(tracker: tracker, next: observer), interrupter: interrupter, logs: logs)
        // Each log has gone to the store by then.
        defer { _ = try? project.fileSystem.removeEmptyFolder(logs) }
        do {
            let records = try runner.run(prepared.plan)
            try prepared.parts.updateDVCLock(prepared.plan, records)
            let metrics = tracker.logMetrics(of: prepared, records)
            return try tracker.finish(records, metrics, wasInterrupted: interrupter.force > .none)
        } catch {
            tracker.fail(error)
            throw error
        }
    }
}

/// What a run would do: nothing is written, not even with overrides.
package func planPipeline(_ options: RunPipelineOptions, in surroundings: Surroundings) throws -> PipelinePlan {
    try PreparedRun(OpenProject(surroundings), options, belief: .look).plan
}
