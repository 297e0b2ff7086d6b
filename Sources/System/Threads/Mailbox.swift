/// A queue between threads: any thread sends, any thread receives, the oldest message first.
///
/// It has no bound: it carries events ("stage ended", "interrupt"), not data. `send` never waits.
package final class Mailbox<Message: Sendable>: Sendable {
    private let queue = Guarded(Queue<Message>())

    package init() {}

    package func send(_ message: Message) {
        queue.withLock { $0.append(message) }
    }

    /// Waits for a message.
    package func receive() -> Message {
        queue.wait { $0.popFirst() }
    }

    /// Waits for a message, for `timeout` at most; `.zero` only looks.
    package func receive(timeout: Duration) -> Message? {
        queue.wait(timeout: timeout) { $0.popFirst() }
    }
}

/// First in, first out, in constant time: two stacks.
private struct Queue<Element: Sendable>: Sendable {
    private var incoming: [Element] = []
    /// Reversed: the oldest is last.
    private var outgoing: [Element] = []

    mutating func append(_ element: Element) { incoming.append(element) }

    mutating func popFirst() -> Element? {
        if outgoing.isEmpty {
            outgoing = incoming.reversed()
            incoming.removeAll()
        }
        return outgoing.popLast()
    }
}
