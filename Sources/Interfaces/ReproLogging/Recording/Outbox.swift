import Diagnostics
import Experiments
import Files
import Synchronization

/// The way out: straight to the destination while it answers, and else into the spool, from where everything goes out
/// later, in the order in which it came. Used by one thread, the writer's, but for what is asked of it.
final class Outbox: Sendable {
    let problems: ProblemList
    private let destination: any RunDestination
    private let makeSpool: @Sendable () throws -> RunSpool
    private let state = Mutex(State())

    private struct State {
        var spool: RunSpool?
        var nextTry = ContinuousClock.now
        var pause = firstPause
        /// When a finished run is left to be sent later.
        var deadline: ContinuousClock.Instant?
    }

    private static let firstPause = Duration.milliseconds(500)
    private static let longestPause = Duration.seconds(30)

    /// `makeSpool` is called when it is needed.
    init(_ destination: any RunDestination, problems: ProblemList, makeSpool: @escaping @Sendable () throws -> RunSpool)
    {
        self.destination = destination
        self.problems = problems
        self.makeSpool = makeSpool
    }

    /// Whether nothing waits on the disk.
    var isEmpty: Bool { state.withLock { $0.spool }?.isEmpty ?? true }

    var spoolFolder: String? {
        guard let spool = state.withLock({ $0.spool }), !spool.isEmpty else { return nil }
        return spool.folder.description
    }

    func setDeadline(after timeout: Duration) {
        state.withLock {
            $0.deadline = ContinuousClock.now + timeout
            $0.nextTry = ContinuousClock.now
        }
    }

    /// Never throws: what cannot be sent is in the spool, and what cannot be written there is a problem.
    func send(_ update: RunUpdate, _ files: [OutgoingFile]) {
        if !update.isEmpty || !files.isEmpty {
            if isEmpty { sendNow(update, files) } else { keep(update, files) }
        }
        if !isEmpty, ContinuousClock.now >= state.withLock({ $0.nextTry }) { sendSpooled() }
    }

    /// The first message of a run, on the caller's thread: throws if the destination refuses it, answers nil if it is
    /// away and the message is in the spool.
    func begin(_ update: RunUpdate) throws -> RunHead? {
        do {
            return try destination.send(update, []).run
        } catch let error as DestinationAway where error.cause.kind != .denied {
            problems.note("\(error.message); what is logged is kept on disk until then")
            try spool().append(update, [])
            return nil
        } catch let error as DestinationAway {
            throw error.cause
        }
    }

    /// Tries until the deadline to bring everything out.
    func finish() {
        while !isEmpty {
            let (deadline, next) = state.withLock { ($0.deadline ?? .now, $0.nextTry) }
            if next >= deadline || ContinuousClock.now >= deadline { break }
            FileSystem.wait(nanoseconds: max(0, Int64((next - .now) / .nanoseconds(1))))
            sendSpooled()
        }
        state.withLock { $0.spool }?.close()
    }

    private func sendNow(_ update: RunUpdate, _ files: [OutgoingFile]) {
        do {
            for refusal in try destination.send(update, files).refusals {
                problems.note("\(refusal.what) was refused: \(refusal.reason)")
            }
        } catch let error as DestinationAway {
            problems.note("\(error.message); what is logged is kept on disk until then")
            keep(update, files)
            wait()
        } catch {
            refuse(update, files, because: error)
        }
    }

    private func keep(_ update: RunUpdate, _ files: [OutgoingFile]) {
        do {
            try spool().append(update, files)
        } catch {
            problems.note(
                "lost, since the disk takes nothing: \((error as? any UserFacingError)?.message ?? "\(error)")")
        }
    }

    /// Sending it again would not help; it is kept for whoever wants to look.
    private func refuse(_ update: RunUpdate, _ files: [OutgoingFile], because error: any Error) {
        problems.note((error as? any UserFacingError)?.message ?? "\(error)")
        try? spool().refuse(update, files)
    }

    private func sendSpooled() {
        guard let spool = state.withLock({ $0.spool }) else { return }
        do {
            // One segment at a time: what is logged meanwhile must not wait for all of them.
            let report = try spool.sendOne(to: destination)
            for problem in report { problems.note(problem) }
            state.withLock { $0.pause = Self.firstPause }
        } catch {
            wait()
        }
    }

    /// Until the next try: longer each time.
    private func wait() {
        state.withLock { state in
            state.nextTry = ContinuousClock.now + state.pause
            state.pause = min(state.pause * 2, Self.longestPause)
        }
    }

    private func spool() throws -> RunSpool {
        if let spool = state.withLock({ $0.spool }) { return spool }
        let made = try makeSpool()
        state.withLock { $0.spool = made }
        return made
    }
}

/// What went wrong while a run was logged, in words; each once. The program goes on.
final class ProblemList: Sendable {
    private static let limit = 100
    private let list = Mutex<[String]>([])
    private let notify: (@Sendable (String) -> Void)?

    init(_ notify: (@Sendable (String) -> Void)?) { self.notify = notify }

    var texts: [String] { list.withLock { $0 } }

    func note(_ text: String) {
        let isNew = list.withLock { list in
            if list.count >= Self.limit || list.contains(text) { return false }
            list.append(text)
            return true
        }
        if isNew { notify?(text) }
    }
}
