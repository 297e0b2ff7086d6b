package import Diagnostics
package import Experiments
import Files
import Objects
package import Pipelines
package import Threads
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
    /// Whether results and inputs that are not here come from the default remote; nil: as configured.
    package var pulls: Bool?
    /// Whether the report must say of each stage what it read and made. Names, states and metrics are had sooner where
    /// nothing is to be done.
    package var reportsContents = true
    /// Ends transfers.
    package var cancellation = Cancellation()

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
///
/// `onBegin` hears of the run once it is recorded, before the observer hears of its stages.
package func runPipeline(
    _ options: RunPipelineOptions, in surroundings: Surroundings, interrupter: RunInterrupter,
    observer: any PipelineObserver, onBegin: (Run) -> Void = { _ in }
) throws -> RunPipelineReport {
    try OpenProject(surroundings).runPipeline(
        options, interrupter: interrupter, observer: observer, onBegin: onBegin)
}

/// Under which run the pipeline is recorded.
enum RunRecording: Equatable {
    case new
    /// One that waited in the queue; which code it uses was seen when it was queued.
    case queued(RunID)

    var isNew: Bool { self == .new }
}

extension OpenProject {
    func runPipeline(
        _ options: RunPipelineOptions, as recording: RunRecording = .new, interrupter: RunInterrupter,
        observer: any PipelineObserver, onBegin: (Run) -> Void = { _ in }
    ) throws -> RunPipelineReport {
        // Before the plan: what it finds in the run cache must not be collected meanwhile.
        try store.beginWork()
        // With overrides Git must wait for them: they are part of what the run uses.
        var git: GitSnapshot?
        if recording.isNew, options.overrides.isEmpty { git = GitSnapshot.begin(self) }
        var memory = recording.isNew ? UpToDateMemory(self, options) : nil
        if !options.reportsContents, let known = memory?.recall(),
            let report = try skipAll(known, options, git, interrupter, observer, onBegin)
        {
            return report
        }
        let results = try remoteResults(options)
        let first = try PreparedRun(self, options, belief: .take, results: results, memory: memory)
        if options.refusesToRun { try first.refuseToRun() }
        // The tree of a queued run is no part of the repository that it lies in.
        let outsInGit = try recording.isNew ? OutsInGit(self, first.plan) : nil
        let prepared = try first.applied()
        if recording.isNew, git == nil { git = GitSnapshot.begin(self) }
        let tracker = try RunTracker(self, options, prepared, recording, git: git)
        onBegin(tracker.run)
        let report: RunPipelineReport
        do {
            let follower = MetricFollower(tracker, prepared, root: project.root, store: experiments)
            defer { follower.stop() }
            let runner = runner(of: prepared, options, tracker, follower, outsInGit, git, interrupter, observer)
            // Each log has gone to the store by then.
            defer { _ = try? project.fileSystem.removeEmptyFolder(runner.logs) }
            let records = try runner.run(prepared.plan)
            try prepared.parts.updateDVCLock(prepared.plan, records)
            let measured = zip(prepared.plan.steps, records).filter { step, record in
                step.stage.outputs.contains { $0.role == .metric } && record.error == nil && record.state != .notRun
            }
            let metrics = tracker.logMetrics(
                of: measured.map(\.0.stage), from: prepared.pipeline.files, following: follower)
            if let problem = results?.problem { tracker.warn(problem) }
            if let outsInGit, outsInGit.isNeeded {
                git?.wait()
                tracker.attempt { try outsInGit.ignoreAll(in: workspace) }
            }
            report = try tracker.finish(records, metrics, wasInterrupted: interrupter.force > .none)
        } catch {
            tracker.fail(error)
            throw error
        }
        memory?.remember(prepared, report)
        return report
    }

    private func runner(
        of prepared: PreparedRun, _ options: RunPipelineOptions, _ tracker: RunTracker, _ follower: MetricFollower,
        _ outsInGit: OutsInGit?, _ git: GitSnapshot?, _ interrupter: RunInterrupter, _ observer: any PipelineObserver
    ) -> PipelineRunner {
        let isForced = options.isForced
        var parts = prepared.parts
        // What the commands log belongs to this run, whatever tree they run in.
        parts.environment["REPRO_RUN_ID"] = tracker.run.id.text
        parts.environment["REPRO_PROJECT"] = home.root.description
        return PipelineRunner(
            parts: parts,
            options: PipelineRunner.Options(
                jobs: options.jobs ?? project.config.jobs ?? coreCount, keepGoing: options.keepGoing,
                isForced: { _ in isForced },
                didMake: { stage in
                    guard let outsInGit, outsInGit.isNeeded else { return }
                    // What Git says of the run must not show this.
                    git?.wait()
                    tracker.attempt { try outsInGit.ignore(stage, in: workspace) }
                }),
            observer: TrackingObserver(tracker: tracker, follower: follower, next: observer), interrupter: interrupter,
            logs: liveLogs(of: tracker.run.id, in: home))
    }

    /// The run that `known` says it is; nil if the tracking store lacks what it was to repeat.
    private func skipAll(
        _ known: UpToDateRecord, _ options: RunPipelineOptions, _ git: GitSnapshot?, _ interrupter: RunInterrupter,
        _ observer: any PipelineObserver, _ onBegin: (Run) -> Void
    ) throws -> RunPipelineReport? {
        let tracker: RunTracker
        do {
            tracker = try RunTracker(self, options, skipping: known, git: git)
        } catch ExperimentError.skippedStagesUnknown {
            return nil
        }
        onBegin(tracker.run)
        observer.willRun(known.stages)
        let now = surroundings.clock.now()
        let records = known.stages.map { StageRecord(stage: $0, state: .skipped, startedAt: now) }
        observer.settled(records)
        tracker.log(known.metrics)
        return try tracker.finish(records, known.metrics, wasInterrupted: interrupter.force > .none)
    }
}

/// What a run would do: nothing is written, not even with overrides.
package func planPipeline(_ options: RunPipelineOptions, in surroundings: Surroundings) throws -> PipelinePlan {
    try PreparedRun(OpenProject(surroundings), options, belief: .look).plan
}
