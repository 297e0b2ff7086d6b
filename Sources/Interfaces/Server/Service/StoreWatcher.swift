import Experiments
import Threads

/// Notices what other processes write into the tracking store, such as `repro run` in a terminal, and tells the
/// listeners that something is new. Asks a few times a second, also while nobody listens: who comes is told of what has
/// just changed. SQLite answers that without reading a page.
final class StoreWatcher: Sendable {
    private static let interval: Duration = .milliseconds(400)

    private let thread: Thread
    private let end = Mailbox<Void>()

    init(_ services: Services) {
        let (store, events, end) = (services.store, services.events, end)
        // Before the first page can be asked for: what is written after that is news.
        let first = try? store.changeMarker()
        thread = Thread.start(name: "watch") {
            var last = first
            while end.receive(timeout: Self.interval) == nil {
                events.tellWaiting()
                guard let marker = try? store.changeMarker() else { continue }
                if let last, last != marker { events.changed("store", "") }
                last = marker
            }
        }
    }

    func stop() {
        end.send(())
        thread.join()
    }

    deinit { end.send(()) }
}
