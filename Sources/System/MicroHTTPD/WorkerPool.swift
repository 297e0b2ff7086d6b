import Threads

/// Threads that run slow handlers, the oldest first. How many wait is bounded by the number of connections.
final class WorkerPool: Sendable {
    private enum Message: Sendable {
        case run(@Sendable () -> Void)
        case stop
    }

    private let mailbox = Mailbox<Message>()
    private let threads: [Thread]

    init(threadCount: Int) {
        let mailbox = mailbox
        threads = (1...max(1, threadCount)).map { number in
            Thread.start(name: "http worker \(number)") {
                while case .run(let work) = mailbox.receive() { work() }
            }
        }
    }

    func run(_ work: @escaping @Sendable () -> Void) { mailbox.send(.run(work)) }

    /// Lets what was sent before end, then ends the threads.
    func stop() {
        for _ in threads { mailbox.send(.stop) }
        for thread in threads { thread.join() }
    }
}
