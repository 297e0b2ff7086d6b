import Diagnostics
import Experiments
import Files
import JSON
import Synchronization
import Threads

/// Takes what a program logs, and brings it to where runs are kept on a thread of its own.
///
///     log(…) ──► PendingLog ──► writer ──► RunDestination
///                (memory)          └─ away ──► RunSpool (disk) ──► later, in order, RunDestination
///
/// A caller pays for an append under a lock. Points that come faster than they can be written are waited for, up to
/// `Recorder.patience` a time, while the writer gets on; when it does not, they are counted and dropped, without waiting,
/// until it does again.
final class Recorder: Sendable {
    /// How long a full buffer may hold up a caller.
    static let patience = Duration.seconds(1)
    /// How long a point waits for company.
    static let interval = Duration.milliseconds(200)

    let run: RunID
    private let stage: String?
    /// Whether this process leads the run, so that its heartbeat and its end are ours.
    private let leads: Bool
    private let clock: Clock
    private let pending: Mutex<PendingLog>
    private let outbox: Outbox
    private let wake = Mailbox<Void>()
    private let progress = Guarded(Progress())
    private let ending = Mutex<RunEnd?>(nil)
    private let thread = Mutex<Thread?>(nil)

    private struct Progress: Sendable {
        /// How often the writer has taken what waited.
        var rounds: UInt64 = 0
        /// Everything up to here is written or spooled.
        var settled: UInt64 = 0
        var hasEnded = false
    }

    init(
        run: RunID, stage: String?, leads: Bool, outbox: Outbox, lastSteps: [String: Int64] = [:], clock: Clock
    ) {
        self.run = run
        self.stage = stage
        self.leads = leads
        self.outbox = outbox
        self.clock = clock
        var log = PendingLog()
        for (key, step) in lastSteps { log.continues(key, after: step) }
        pending = Mutex(log)
    }

    func start() {
        let writer = Thread.start(name: "repro log") { [self] in write() }
        thread.withLock { $0 = writer }
    }

    // MARK: For callers

    func log(_ key: String, _ value: Double, step: Int64?) {
        let now = clock.now().milliseconds
        switch pending.withLock({ $0.append(key, value, step: step, at: now) }) {
        case .taken: return
        case .takenAndWake: wake.send(())
        case .full: logWhenThereIsRoom(key, value, step, now)
        case .closed: outbox.problems.note("metric \(key): logged after the run was finished")
        }
    }

    func log(_ key: String, _ points: [(step: Int64?, value: Double)]) {
        let now = clock.now().milliseconds
        for point in points {
            switch pending.withLock({ $0.append(key, point.value, step: point.step, at: now) }) {
            case .taken: continue
            case .takenAndWake: wake.send(())
            case .full: logWhenThereIsRoom(key, point.value, point.step, now)
            case .closed: return outbox.problems.note("metric \(key): logged after the run was finished")
            }
        }
    }

    func log(params: [Param]) { note(pending.withLock { $0.append(params: params) }, "params") }
    func set(tags: [Tag]) { note(pending.withLock { $0.append(tags: tags) }, "tags") }
    func add(_ work: LogWork) { note(pending.withLock { $0.append(work: work) }, "a file") }
    func set(git: GitState) { pending.withLock { $0.git = git } }

    func complain(_ problem: String) { outbox.problems.note(problem) }

    private func note(_ outcome: PendingLog.Outcome, _ what: String) {
        switch outcome {
        case .taken: break
        case .takenAndWake: wake.send(())
        case .full: outbox.problems.note("\(what): dropped, because too much waits to be written")
        case .closed: outbox.problems.note("\(what): logged after the run was finished")
        }
    }

    private func logWhenThereIsRoom(_ key: String, _ value: Double, _ step: Int64?, _ now: Int64) {
        let round = progress.withLock { $0.rounds }
        wake.send(())
        if !pending.withLock({ $0.isStalled }) {
            let moved = progress.wait(timeout: Self.patience) { $0.rounds > round ? true : nil }
            if moved == nil { pending.withLock { $0.isStalled = true } }
        }
        let outcome = pending.withLock { pending in
            let outcome = pending.append(key, value, step: step, at: now)
            if outcome == .full { pending.drop(points: 1) }
            return outcome
        }
        if outcome == .full { outbox.problems.note("metric points were dropped, because the disk is too slow") }
    }

    /// Waits until all that was logged before is written, or in the spool. False if that takes longer.
    func flush(timeout: Duration) -> Bool {
        let wanted = pending.withLock { $0.accepted }
        wake.send(())
        return progress.wait(timeout: timeout) { $0.settled >= wanted || $0.hasEnded ? true : nil } ?? false
    }

    /// Nothing more is taken; what was is written, and then the end, if the run is ours. Waits for `timeout` at most,
    /// first for the writer and then for the destination, if that is away.
    func close(_ end: RunEnd, timeout: Duration) -> RunReport {
        let isFirst = pending.withLock { pending in
            defer { pending.isClosed = true }
            return !pending.isClosed
        }
        if isFirst {
            if leads { ending.withLock { $0 = end } }
            outbox.setDeadline(after: timeout)
            wake.send(())
        }
        // A disk that is slow is waited for longer than a server: what the spool lacks would be lost.
        _ = progress.wait(timeout: max(timeout + .seconds(1), Self.diskPatience)) { $0.hasEnded ? true : nil }
        return report
    }

    var report: RunReport {
        let (accepted, dropped) = pending.withLock { ($0.accepted, $0.droppedPoints) }
        let settled = progress.withLock { $0.settled }
        return RunReport(
            accepted: accepted, droppedPoints: dropped, isDelivered: settled >= accepted && outbox.isEmpty,
            spool: outbox.spoolFolder, problems: outbox.problems.texts)
    }

    // MARK: The writer

    private func write() {
        var spare: [PendingLog.Point] = []
        var nextHeartbeat = ContinuousClock.now + Self.heartbeatInterval
        while true {
            _ = wake.receive(timeout: Self.interval)
            let taken = pending.withLock { $0.take(spare: spare) }
            progress.withLock { $0.rounds += 1 }
            var update = RunUpdate(run: run, stage: stage)
            let files = fill(&update, from: taken)
            if leads, ContinuousClock.now > nextHeartbeat {
                nextHeartbeat = ContinuousClock.now + Self.heartbeatInterval
                update.heartbeatAt = clock.now()
            }
            if taken.isClosed { update.end = ending.withLock { $0 } }
            outbox.send(update, files)
            progress.withLock { $0.settled = taken.accepted }
            spare = taken.points
            spare.removeAll(keepingCapacity: spare.count <= PendingLog.wakePoints * 2)
            if taken.isClosed { break }
        }
        outbox.finish()
        progress.withLock { $0.hasEnded = true }
    }

    static let heartbeatInterval = Duration.seconds(10)
    private static let diskPatience = Duration.seconds(60)

    private func fill(_ update: inout RunUpdate, from taken: PendingLog) -> [OutgoingFile] {
        update.params = taken.params
        update.series = taken.seriesPoints()
        update.tags = taken.tags
        update.git = taken.git
        if taken.droppedPoints > 0 {
            update.tags.append(Tag(key: "repro.dropped_points", value: "\(taken.droppedPoints)"))
        }
        var files: [OutgoingFile] = []
        for work in taken.work {
            do {
                try carryOut(work, &update, &files)
            } catch {
                outbox.problems.note((error as? any UserFacingError)?.message ?? "\(error)")
            }
        }
        return files
    }

    private func carryOut(_ work: LogWork, _ update: inout RunUpdate, _ files: inout [OutgoingFile]) throws {
        switch work {
        case .file(let file): files.append(file)
        case .path(let path, let place): files += try FileWalk(clock).files(at: path, place)
        case .dataset(let path, let name, let context):
            update.datasets.append(try FileWalk(clock).dataset(at: path, name: name, context: context))
        case .namedDataset(let use): update.datasets.append(use)
        case .model(let model): update.models.append(model)
        }
    }
}
