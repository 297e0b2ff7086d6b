import MicroHTTPD
import Synchronization

/// Tells every listener what changed: `run` with a run's id, `experiment`, `model`, or `store` if another process wrote.
/// An event says that something is new, not what: who cares asks for it.
final class EventHub: Sendable {
    private struct State {
        var listeners: [EventStream] = []
        var lastID: Int64 = 0
        /// Runs that were told of a moment ago.
        var recent: [String: ContinuousClock.Instant] = [:]
        /// Runs that have changed since, and were not told of again yet.
        var waiting: Set<String> = []
        var lastChange: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    /// A run that logs a thousand points a second is told of so often.
    private static let quietPeriod: Duration = .milliseconds(500)

    /// Longer than a page takes, on the busiest machine, from what it asks for first until it listens.
    private static let memory: Duration = .seconds(30)

    /// Who begins to listen may have asked before the last change, and hears of it.
    func listen() -> EventStream {
        let stream = EventStream()
        stream.send(event: "hello", data: "{}")
        state.withLock { state in
            state.listeners.removeAll { !$0.isOpen }
            state.listeners.append(stream)
            guard let last = state.lastChange, ContinuousClock.now - last < Self.memory else { return }
            stream.send(event: "store", data: #"{"id":""}"#)
        }
        return stream
    }

    /// Never waits; costs next to nothing while nobody listens. A run that is not `always` told of at once is told of
    /// by `tellWaiting`, so that the last change is not lost.
    func changed(_ kind: String, _ id: String, always: Bool = true) {
        let now = ContinuousClock.now
        let (listeners, number) = state.withLock { state -> ([EventStream], Int64) in
            state.lastChange = now
            if state.listeners.isEmpty { return ([], 0) }
            state.listeners.removeAll { !$0.isOpen }
            if !always, let last = state.recent[id], now - last < Self.quietPeriod {
                state.waiting.insert(id)
                return ([], 0)
            }
            state.waiting.remove(id)
            if state.recent.count > 1000 { state.recent = [:] }
            state.recent[id] = now
            state.lastID += 1
            return (state.listeners, state.lastID)
        }
        if listeners.isEmpty { return }
        var writer = JSONWriter()
        writer.object {
            $0.key("id")
            $0.string(id)
        }
        let data = String(decoding: writer.bytes, as: UTF8.self)
        for listener in listeners { listener.send(event: kind, id: String(number), data: data) }
    }

    /// Tells of the runs whose changes were held back, once it was quiet for long enough.
    func tellWaiting() {
        for run in state.withLock({ $0.waiting }) { changed("run", run, always: false) }
    }
}
