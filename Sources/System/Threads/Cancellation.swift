import Synchronization

/// A wish to stop, made by one thread and looked at by others between two steps of their work. It is never taken back.
package final class Cancellation: Sendable {
    private let flag = Atomic(false)

    package init() {}

    package var isCancelled: Bool { flag.load(ordering: .acquiring) }

    package func cancel() { flag.store(true, ordering: .releasing) }
}
