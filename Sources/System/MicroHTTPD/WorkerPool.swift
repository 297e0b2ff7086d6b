import Synchronization
import Threads

/// Threads that run slow handlers, the oldest first. How many wait is bounded by the number of connections.
final class WorkerPool: Sendable {
    private enum Message: Sendable {
        case run(@Sendable () -> Void)
        case stop
    }

    private let mailbox = Mailbox<Message>()
    private let threads: [Thread]
    private let isStopped = Mutex(false)

    init(threadCount: Int) {
        let mailbox = mailbox
        threads = (1...max(1, threadCount)).map { number in
            Thread.start(name: "http worker \(number)") {
                while case .run(let work) = mailbox.receive() { work() }
            }
        }
    }

    /// Runs `work` on a thread of the pool, after `prepare` here; false, and neither, once the pool has stopped.
    func run(prepare: () -> Void, _ work: @escaping @Sendable () -> Void) -> Bool {
        isStopped.withLock { isStopped in
            if isStopped { return false }
            prepare()
            mailbox.send(.run(work))
            return true
        }
    }

    /// Lets what was sent before end, then ends the threads.
    func stop() {
        isStopped.withLock { isStopped in
            if !isStopped { for _ in threads { mailbox.send(.stop) } }
            isStopped = true
        }
        for thread in threads { thread.join() }
    }
}
