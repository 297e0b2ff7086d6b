package import Diagnostics
package import Objects

/// Hears what happens while a pipeline runs. Called from several threads; must not wait for the pipeline.
package protocol PipelineObserver: Sendable {
    /// The stages of this run, in an order in which each comes after all that it needs. Called once, first.
    func willRun(_ stages: [StageName])
    /// A command of the stage is about to start.
    func started(_ stage: StageName, reasons: [StageReason], at time: Timestamp)
    /// The stage's commands wrote something, to either stream.
    func output(_ stage: StageName, _ bytes: [UInt8])
    /// The stage waits for another `repro` that is running the same stage.
    func waitingForLock(_ stage: StageName)
    /// The stage's outs come from a remote.
    func fetching(_ stage: StageName)
    /// A command failed and is tried again after a pause; `attempt` counts from 2.
    func retrying(_ stage: StageName, attempt: Int, after pause: Duration)
    /// The stage is settled: each stage of the run gets exactly one record.
    func finished(_ record: StageRecord)
    /// Stages about which there was nothing to do, all at once and before any other; in place of `finished`.
    func settled(_ records: [StageRecord])
}

extension PipelineObserver {
    package func fetching(_ stage: StageName) {}

    package func settled(_ records: [StageRecord]) { for record in records { finished(record) } }
}

/// For a run that nobody watches.
package struct SilentObserver: PipelineObserver {
    package init() {}

    package func willRun(_ stages: [StageName]) {}
    package func started(_ stage: StageName, reasons: [StageReason], at time: Timestamp) {}
    package func output(_ stage: StageName, _ bytes: [UInt8]) {}
    package func waitingForLock(_ stage: StageName) {}
    package func retrying(_ stage: StageName, attempt: Int, after pause: Duration) {}
    package func finished(_ record: StageRecord) {}
}

/// What became of one stage in one run.
package struct StageRecord: Sendable {
    package enum State: String, Sendable, CaseIterable {
        /// Its commands ran and its outs are there.
        case ran
        /// Its outs were restored from the store.
        case cached
        /// Nothing had changed.
        case skipped
        case failed
        /// Something that it needs failed, or the run was stopped first.
        case notRun = "not_run"
    }

    package var stage: StageName
    package var state: State
    package var reasons: [StageReason] = []
    package var startedAt: Timestamp
    package var duration: Duration = .zero
    /// Nil if the inputs could not be read.
    package var inputs: StageInputs?
    package var outputs: [LockedOutput] = []
    /// What the commands wrote to either stream.
    package var log: Digest?
    package var exitCode: Int32?
    package var error: (any UserFacingError)?
    /// Inputs that changed while the commands ran: the outs are kept, but neither cached nor locked.
    package var changedMeanwhile: [InputChange] = []
    /// Outs that somebody had changed outside the pipeline, as they were before they were overwritten: their content is
    /// in the store until garbage is collected.
    package var overwritten: [LockedOutput] = []

    package init(stage: StageName, state: State, startedAt: Timestamp) {
        self.stage = stage
        self.state = state
        self.startedAt = startedAt
    }

    package var key: StageKey? { inputs.map(StageKey.init) }
}
