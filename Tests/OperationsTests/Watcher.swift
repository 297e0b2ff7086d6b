import Synchronization
import Threads

/// Looks, beside what a test does, until something has been seen.
final class Watcher: Sendable {
    private let wasSeen = Mutex(false)
    private let stopping = Mailbox<Void>()
    private let thread = Mutex<Thread?>(nil)

    init(_ look: @escaping @Sendable () -> Bool) {
        let started = Thread.start(name: "watcher") { [self] in
            while stopping.receive(timeout: .milliseconds(50)) == nil {
                if look() {
                    wasSeen.withLock { $0 = true }
                    return
                }
            }
        }
        thread.withLock { $0 = started }
    }

    /// Whether it was seen.
    func end() -> Bool {
        stopping.send(())
        thread.withLock { $0 }?.join()
        return wasSeen.withLock { $0 }
    }
}
