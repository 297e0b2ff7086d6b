import Glibc
import HTTP
import MicroHTTPD
import Synchronization

/// Answers with what it was asked, by path.
final class EchoHandler: RequestHandler {
    let events = EventStream()
    let sink = RecordingSink()
    let completed = Mutex<[CompletedExchange]>([])
    /// `/slow` begins, and waits for this.
    let mayGoOn = Atomic(false)
    let slowBegan = Atomic(false)

    func plan(for head: RequestHead) -> RequestPlan {
        switch head.path {
        case "/refuse": .reply(.text("no\n", status: .forbidden))
        case "/stream": .stream(sink)
        case "/events":
            .reply(Reply(.ok, headers: ["Content-Type": "text/event-stream"], body: .events(events)))
        case "/count": .reply(Reply(.ok, body: .source(CountingSource(until: 300_000), sizeBytes: nil)))
        case "/sized": .reply(Reply(.ok, body: .source(CountingSource(until: 300_000), sizeBytes: 300_000)))
        case "/torn": .reply(Reply(.ok, body: .source(CountingSource(until: 100), sizeBytes: 300_000)))
        case "/slow": buffer(.worker) { self.waitToGoOn() }
        case "/worker": buffer(.worker)
        default: buffer(.event, prefix: "\(head.method.rawValue) \(head.path) \(head.query ?? "-") ")
        }
    }

    func completed(_ exchange: CompletedExchange) { completed.withLock { $0.append(exchange) } }

    private func buffer(_ thread: HandlerThread, prefix: String = "", then: @escaping @Sendable () -> Void = {})
        -> RequestPlan
    {
        .buffer(maximumBytes: 1000, tooLarge: .text("too large\n", status: .contentTooLarge), thread: thread) { body in
            then()
            return Reply(.ok, body: .bytes(Array(prefix.utf8) + body))
        }
    }

    private func waitToGoOn() {
        slowBegan.store(true, ordering: .releasing)
        while !mayGoOn.load(ordering: .acquiring) { usleep(1000) }
    }
}

/// Remembers what a client streamed up.
final class RecordingSink: BodySink {
    let received = Mutex(0)
    let wasAbandoned = Atomic(false)

    func receive(_ piece: UnsafeRawBufferPointer) -> Reply? {
        received.withLock { $0 += piece.count }
        return piece.contains(UInt8(ascii: "!")) ? .text("no exclamation\n", status: .badRequest) : nil
    }

    func finish() -> Reply { .text("\(received.withLock { $0 }) bytes\n") }

    func abandon() { wasAbandoned.store(true, ordering: .releasing) }
}

final class CountingSource: ReplySource {
    private let left: Mutex<Int>

    init(until count: Int) { left = Mutex(count) }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        left.withLock { left in
            let count = min(buffer.count, left)
            for index in 0..<count { buffer[index] = UInt8(ascii: "x") }
            left -= count
            return count
        }
    }
}

/// Waits for something that another thread will do.
func eventually(_ condition: () -> Bool) -> Bool {
    for _ in 0..<5000 {
        if condition() { return true }
        usleep(1000)
    }
    return false
}
