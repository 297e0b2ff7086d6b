import Diagnostics
import Experiments
import Files
import Pipelines
import Synchronization
import Threads

/// Brings what stages write into files of measurements into the run's series while the stages run, from a thread of its
/// own, and all of it when they have ended.
final class MetricFollower: Sendable {
    private static let interval = Duration.seconds(1)
    /// Looking takes this share of the time at most, however many files there are.
    private static let effort = 20

    private let tracker: RunTracker
    private let store: any ExperimentStore
    private let clock: Clock
    private let root: AbsolutePath
    private let plan: PipelinePlan
    /// By name; made when the first stage starts.
    private let stages = Mutex<[StageName: Stage]?>(nil)
    private let running = Mutex<[StageName: StageFollower]>([:])
    private let ended = Mutex<[StageName: [String: FollowedPoint]]>([:])
    private let stopping = Mailbox<Void>()
    private let thread = Mutex<Thread?>(nil)

    init(_ tracker: RunTracker, _ prepared: PreparedRun, root: AbsolutePath, store: any ExperimentStore) {
        self.tracker = tracker
        self.store = store
        self.root = root
        clock = prepared.parts.clock
        plan = prepared.plan
    }

    func started(_ name: StageName, at time: Timestamp) {
        let stage = stages.withLock { stages in
            let known =
                stages ?? Dictionary(plan.steps.map { ($0.stage.name, $0.stage) }, uniquingKeysWith: { a, _ in a })
            stages = known
            return known[name]
        }
        guard let stage else { return }
        running.withLock { $0[name] = StageFollower(stage, root: root, startedAt: time) }
        // A run in which nothing is to be done needs no thread.
        thread.withLock { thread in if thread == nil { thread = Thread.start(name: "follow") { [self] in follow() } } }
    }

    /// Reads what is left, before the stage counts as ended.
    func finished(_ record: StageRecord) {
        guard record.state == .ran || record.state == .failed else { return }
        guard var follower = running.withLock({ $0.removeValue(forKey: record.stage) }) else { return }
        take(follower.look(isFinal: true), record.stage)
        let latest = follower.latest
        ended.withLock { $0[record.stage] = latest }
    }

    /// The last point that was found of a key.
    func latest(_ key: String, of stage: StageName) -> FollowedPoint? { ended.withLock { $0[stage]?[key] } }

    func stop() {
        stopping.send(())
        thread.withLock { $0 }?.join()
    }

    private func follow() {
        var pause = Self.interval
        while stopping.receive(timeout: pause) == nil {
            let start = ContinuousClock.now
            for name in running.withLock({ Array($0.keys) }) {
                // Under the lock, so that the end of the stage does not read the same twice.
                running.withLock { running in
                    guard let news = running[name]?.look() else { return }
                    take(news, name)
                }
            }
            pause = max(Self.interval, (ContinuousClock.now - start) * Self.effort)
        }
    }

    private func take(_ news: FollowedNews, _ stage: StageName) {
        for mistake in news.mistakes { tracker.warn(FollowedFileProblem(stage: stage.text, mistake: mistake)) }
        let now = clock.now()
        var rest = news.points[...]
        while !rest.isEmpty {
            let part = rest.prefix(10_000).map { point in
                Metric(key: point.key, value: point.value, step: point.step, timestamp: point.timestamp ?? now)
            }
            rest = rest.dropFirst(part.count)
            tracker.attempt { try store.logMetrics(part, run: tracker.run.id, stage: stage.text) }
        }
    }
}

/// A part of a file of measurements that could not be read; the rest was.
struct FollowedFileProblem: UserFacingError, Equatable {
    let stage: String
    let mistake: String

    var kind: ErrorKind { .invalidInput }
    var message: String { "stage \(stage): \(mistake)" }
}
