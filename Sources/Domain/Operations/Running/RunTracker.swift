import Diagnostics
import Experiments
import Files
import Pipelines
import Processes
import Synchronization
import Threads
import Workspaces

/// Writes a run into the tracking store while it goes on.
///
/// Once a run has begun, trouble with the tracking store is a warning: hours of training must not be lost over it.
final class RunTracker: Sendable {
    let run: Run
    private let opened: OpenProject
    /// Nil: which code the run uses is recorded already.
    private let git: GitSnapshot?
    private let positions: [StageName: Int]
    private let state = Mutex(State())
    private let heartbeat: Heartbeat
    /// Where the settings ask for it.
    private let machine: MachineMonitor?

    private struct State {
        var warnings: [any UserFacingError] = []
        /// Settled before anything ran: written together.
        var pending: [StageExecution] = []
        /// Writes the many that were settled at once.
        var writer: Thread?
    }

    convenience init(
        _ opened: OpenProject, _ options: RunPipelineOptions, _ prepared: PreparedRun, _ recording: RunRecording,
        git: GitSnapshot?
    ) throws {
        try self.init(
            opened, options, stages: prepared.plan.steps.map(\.stage.name), params: prepared.params(), recording,
            git: git)
    }

    /// A run that does nothing but skip stages, as an earlier one did. Throws if nothing is known of that one any more.
    convenience init(
        _ opened: OpenProject, _ options: RunPipelineOptions, skipping known: UpToDateRecord, git: GitSnapshot?
    ) throws {
        try self.init(
            opened, options, stages: [], params: known.params, .new, skipping: known.skippedStages, git: git)
    }

    /// - `stages`: in the order of the pipeline.
    private init(
        _ opened: OpenProject, _ options: RunPipelineOptions, stages: [StageName], params: [Param],
        _ recording: RunRecording, skipping skippedStages: SkippedStagesID? = nil, git: GitSnapshot?
    ) throws {
        self.opened = opened
        self.git = git
        let surroundings = opened.surroundings
        let now = surroundings.clock.now()
        switch recording {
        case .new:
            run = try opened.experiments.createRun(
                NewRun(
                    experiment: try opened.requireExperiment(options, at: now), name: options.name, startedAt: now,
                    user: surroundings.userName, owner: .current(), commandLine: surroundings.commandLine,
                    skippedStages: skippedStages))
        case .queued(let id):
            try opened.experiments.heartbeat(id, at: now)
            try opened.experiments.changeRun(id, RunChange(status: .running, startedAt: now, owner: .current()))
            run = try opened.experiments.requireRun(id.text)
        }
        positions = Dictionary(stages.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { a, _ in a })
        heartbeat = Heartbeat(store: opened.experiments, run: run.id, clock: surroundings.clock)
        machine = opened.project.config.measuresMachine ? Self.measureMachine(opened, run.id) : nil
        if !params.isEmpty { try opened.experiments.logParams(params, run: run.id) }
    }

    /// What cannot be written is left out: the next measurement comes soon.
    private static func measureMachine(_ opened: OpenProject, _ run: RunID) -> MachineMonitor {
        let surroundings = opened.surroundings
        return MachineMonitor(
            folder: opened.project.root, environment: surroundings.environment, interval: .seconds(10)
        ) { values, step in
            let now = surroundings.clock.now()
            // What is of this process alone is left out: it only waits for the stages.
            let shown = values.filter { !$0.name.hasPrefix("system/process_") }
            let metrics = shown.map { Metric(key: $0.name, value: $0.value, step: step, timestamp: now) }
            try? opened.experiments.logMetrics(metrics, run: run, stage: nil)
        }
    }

    func started(_ stage: StageName, _ reasons: [StageReason], at time: Timestamp) {
        var execution = StageExecution(stage: stage.text, position: positions[stage] ?? 0, state: .running)
        execution.startedAt = time
        execution.reasons = reasons.map(\.description)
        write([execution])
    }

    /// Many at once are written beside what else there is to do: describing and storing a thousand takes a while.
    func settled(_ records: [StageRecord]) {
        if records.count < Self.manyRecords { return records.forEach(finished) }
        let writer = Thread.start(name: "tracking") { [self] in
            attempt {
                let executions = try mapConcurrently(records, width: coreCount) { record in
                    StageExecution(record, position: positions[record.stage] ?? 0)
                }
                try opened.experiments.recordStages(executions, run: run.id)
            }
        }
        state.withLock { $0.writer = writer }
    }

    private static let manyRecords = 50

    func finished(_ record: StageRecord) {
        let execution = StageExecution(record, position: positions[record.stage] ?? 0)
        if record.state == .skipped {
            state.withLock { $0.pending.append(execution) }
        } else {
            write([execution])
        }
    }

    /// Logs what the metrics files of the stages say.
    func logMetrics(
        of stages: [Stage], from files: ProjectFiles, following follower: MetricFollower? = nil
    ) -> [NamedMetric] {
        let (metrics, problems) = readMetrics(of: stages, from: files)
        for problem in problems { warn(problem) }
        log(metrics, following: follower)
        return metrics
    }

    /// A number that was seen while its stage ran is there already.
    func log(_ metrics: [NamedMetric], following follower: MetricFollower? = nil) {
        let now = opened.surroundings.clock.now()
        for (stage, own) in Dictionary(grouping: metrics, by: \.stage) {
            let new = own.compactMap { metric -> Metric? in
                guard let seen = follower?.latest(metric.name, of: stage) else {
                    return Metric(key: metric.name, value: metric.value, step: metric.step ?? 0, timestamp: now)
                }
                if seen.value == metric.value || (seen.value.isNaN && metric.value.isNaN) { return nil }
                return Metric(
                    key: metric.name, value: metric.value, step: metric.step ?? (seen.step &+ 1), timestamp: now)
            }
            attempt { try opened.experiments.logMetrics(new, run: run.id, stage: stage.text) }
        }
    }

    func finish(_ records: [StageRecord], _ metrics: [NamedMetric], wasInterrupted: Bool) throws -> RunPipelineReport {
        let failure = records.lazy.compactMap(\.error).first
        let status: RunStatus = wasInterrupted ? .interrupted : failure == nil ? .finished : .failed
        end(status, failure: failure?.message)
        let final = (try? opened.experiments.run(run.id)) ?? nil
        return RunPipelineReport(
            run: final ?? run, records: records, metrics: metrics,
            warnings: records.flatMap(RunWarning.warnings) + state.withLock { $0.warnings })
    }

    /// The run cannot go on, for a reason that is no stage's.
    func fail(_ error: any Error) {
        end(.failed, failure: (error as? any UserFacingError)?.message ?? "internal error: \(error)")
    }

    private func end(_ status: RunStatus, failure: String?) {
        heartbeat.stop()
        machine?.stop()
        state.withLock { $0.writer }?.join()
        write([])
        let found = git?.finish(opened)
        if let problem = found?.problem { warn(problem) }
        attempt {
            var change = RunChange.end(status, at: opened.surroundings.clock.now(), failure: failure)
            change.git = found?.state
            try opened.experiments.changeRun(run.id, change)
        }
    }

    private func write(_ executions: [StageExecution]) {
        let all = state.withLock { state in
            let all = state.pending + executions
            state.pending = []
            return all
        }
        if !all.isEmpty { attempt { try opened.experiments.recordStages(all, run: run.id) } }
    }

    /// The same trouble is told once.
    func warn(_ error: any UserFacingError) {
        state.withLock { state in
            if !state.warnings.contains(where: { $0.message == error.message }) { state.warnings.append(error) }
        }
    }

    func attempt(_ body: () throws -> Void) {
        do {
            try body()
        } catch let error as any UserFacingError {
            warn(error)
        } catch {
            warn(TrackingProblem(description: "\(error)"))
        }
    }
}

extension OpenProject {
    /// The experiment that a run belongs to: as asked for, as the environment or the config says, or the default one.
    func requireExperiment(_ options: RunPipelineOptions, at moment: Timestamp) throws -> ExperimentID {
        let name =
            options.experiment ?? surroundings.environment["REPRO_EXPERIMENT"] ?? project.config.experiment
            ?? Experiment.defaultName
        return try experiments.ensureExperiment(named: name, at: moment).id
    }
}

/// The tracking store failed in a way that has no words.
private struct TrackingProblem: UserFacingError {
    let description: String
    var kind: ErrorKind { .internal }
    var message: String { "the run could not be recorded: \(description)" }
}

/// Tells the store, from a thread of its own, that a run is alive.
private final class Heartbeat: Sendable {
    private let stopping = Mailbox<Bool>()
    private let thread: Thread

    private static let interval = Duration.seconds(10)

    init(store: any ExperimentStore, run: RunID, clock: Clock) {
        let stopping = stopping
        thread = Thread.start(name: "heartbeat") {
            // A missed beat is made good by the next one.
            while stopping.receive(timeout: Self.interval) == nil { try? store.heartbeat(run, at: clock.now()) }
        }
    }

    func stop() {
        stopping.send(true)
        thread.join()
    }
}

extension StageExecution {
    fileprivate init(_ record: StageRecord, position: Int) {
        self.init(stage: record.stage.text, position: position, state: StageState(record.state))
        if record.error != nil { state = .failed }
        startedAt = record.startedAt
        durationMilliseconds = record.duration.milliseconds
        reasons = record.reasons.map(\.description)
        commands = record.inputs?.commands ?? []
        key = record.key?.hash
        inputs = (record.inputs?.dependencies ?? []).map { StageFile(path: $0.path, fingerprint: $0.fingerprint) }
        outputs = record.outputs.map { StageFile(path: $0.path, fingerprint: $0.fingerprint) }
        log = record.log
        exitCode = record.exitCode.map(Int.init)
        failure = record.error?.message
    }
}

extension StageState {
    fileprivate init(_ state: StageRecord.State) {
        self =
            switch state {
            case .ran: .ran
            case .cached: .cached
            case .skipped: .skipped
            case .failed: .failed
            case .notRun: .blocked
            }
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
