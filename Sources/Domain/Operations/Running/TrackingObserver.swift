import Diagnostics
import Pipelines

/// Records what happens, and passes it on.
struct TrackingObserver: PipelineObserver {
    let tracker: RunTracker
    let follower: MetricFollower
    let next: any PipelineObserver

    func willRun(_ stages: [StageName]) { next.willRun(stages) }

    func started(_ stage: StageName, reasons: [StageReason], at time: Timestamp) {
        tracker.started(stage, reasons, at: time)
        follower.started(stage, at: time)
        next.started(stage, reasons: reasons, at: time)
    }

    func output(_ stage: StageName, _ bytes: [UInt8]) { next.output(stage, bytes) }
    func waitingForLock(_ stage: StageName) { next.waitingForLock(stage) }

    func fetching(_ stage: StageName) { next.fetching(stage) }

    func retrying(_ stage: StageName, attempt: Int, after pause: Duration) {
        next.retrying(stage, attempt: attempt, after: pause)
    }

    func settled(_ records: [StageRecord]) {
        tracker.settled(records)
        next.settled(records)
    }

    func finished(_ record: StageRecord) {
        follower.finished(record)
        tracker.finished(record)
        next.finished(record)
    }
}
