import CMicroHTTPD
import Glibc
import HTTP
import Synchronization

/// One request and its reply, from the request line to the last byte sent: the state that the library's callbacks move.
///
///     begin ─► head ─┬─► passing over the body ──────┐
///                    ├─► keeping the body ─► working ─┼─► ready ─► replied ─► end
///                    └─► streaming the body ─► working ┘
///
/// The event thread of its connection moves it; a worker only sets `ready` while the connection is suspended.
final class Exchange: Sendable {
    private enum Phase: Sendable {
        case awaitingHead
        case keeping(maximumBytes: Int, tooLarge: Reply, HandlerThread, @Sendable ([UInt8]) -> Reply)
        case streaming(any BodySink)
        case passingOver(Reply)
        case working
        case ready(Reply)
        case replied
    }

    private struct State: Sendable {
        var phase = Phase.awaitingHead
        var head: RequestHead?
        var body: [UInt8] = []
        var receivedBytes = 0
        var status = 0
        var reply: SentReply?
    }

    /// A body that will not be used is read to its end, so that the client sees the reply, up to this size.
    private static let maximumPassedOverBytes = 256 << 20

    private let state = Mutex(State())
    private let began = ContinuousClock.now
    private let target: String?
    private let peer: String
    let connection: ConnectionHandle
    let descriptor: Int32
    private let server: ServerCore

    init(target: String?, connection: ConnectionHandle, server: ServerCore) {
        self.target = target
        self.connection = connection
        self.server = server
        descriptor = mhd_descriptor(connection.pointer)
        peer = peerText(connection)
    }

    var eventStream: EventStream? { state.withLock { $0.reply?.eventStream } }

    /// The library has news: the head, a piece of the body, its end, or that a worker has resumed the connection.
    /// Answers false to cut the connection.
    func advance(method: String, piece: UnsafeRawBufferPointer) -> Bool {
        if state.withLock({ if case .awaitingHead = $0.phase { true } else { false } }) { return receiveHead(method) }
        if piece.count > 0 { return receive(piece) }
        return finishBody()
    }

    private func receiveHead(_ method: String) -> Bool {
        switch requestHead(method) {
        case .failure(let refusal): return refuse(refusal.reply)
        case .success(let head):
            state.withLock { $0.head = head }
            return carryOut(server.handler.plan(for: head), head)
        }
    }

    private func carryOut(_ plan: RequestPlan, _ head: RequestHead) -> Bool {
        let announcedBytes = head.headers["Content-Length"].flatMap { Int($0) } ?? 0
        switch plan {
        case .reply(let reply): return refuse(reply)
        case .buffer(let maximum, let tooLarge, let thread, let respond):
            if announcedBytes > maximum { return refuse(tooLarge) }
            state.withLock {
                $0.phase = .keeping(maximumBytes: maximum, tooLarge: tooLarge, thread, respond)
                $0.body.reserveCapacity(announcedBytes)
            }
        case .stream(let sink): state.withLock { $0.phase = .streaming(sink) }
        }
        return true
    }

    /// Replies without the body. A POST or PUT is answered at once, and the connection then ends; the others have no
    /// body as a rule, and the library wants it read.
    private func refuse(_ reply: Reply) -> Bool {
        let hasLongBody = state.withLock { state in
            state.phase = .passingOver(reply)
            guard let head = state.head, head.method == .post || head.method == .put else { return false }
            return (head.headers["Content-Length"].flatMap { Int($0) } ?? 0) > 64 << 10
        }
        return hasLongBody ? send(reply, isLast: true) : true
    }

    private func receive(_ piece: UnsafeRawBufferPointer) -> Bool {
        let sink = state.withLock { state -> (any BodySink)? in
            if case .streaming(let sink) = state.phase { sink } else { nil }
        }
        // Outside the lock: a sink writes to the disk.
        let answer = sink?.receive(piece)
        return state.withLock { state in
            state.receivedBytes += piece.count
            switch state.phase {
            case .keeping(let maximum, let tooLarge, _, _):
                if state.body.count + piece.count > maximum {
                    state.body = []
                    state.phase = .passingOver(tooLarge)
                } else {
                    state.body.append(contentsOf: piece)
                }
            case .streaming:
                if let answer { state.phase = .passingOver(answer) }
            case .passingOver: return state.receivedBytes <= Self.maximumPassedOverBytes
            case .awaitingHead, .working, .ready, .replied: return false
            }
            return true
        }
    }

    private func finishBody() -> Bool {
        let (phase, body) = state.withLock { state in
            let body = state.body
            state.body = []
            return (state.phase, body)
        }
        switch phase {
        case .keeping(_, _, .event, let respond): return send(respond(body))
        case .keeping(_, _, .worker, let respond): return work { respond(body) }
        case .streaming(let sink): return work { sink.finish() }
        case .passingOver(let reply), .ready(let reply): return send(reply)
        case .awaitingHead, .working, .replied: return true
        }
    }

    private func work(_ body: @escaping @Sendable () -> Reply) -> Bool {
        state.withLock { $0.phase = .working }
        let isAccepted = server.workers.run(prepare: { mhd_suspend(connection.pointer) }) { [self] in
            let reply = body()
            state.withLock { $0.phase = .ready(reply) }
            mhd_resume(connection.pointer)
        }
        // The server stops, and this request slipped in: the event thread has nothing better to do.
        return isAccepted || send(body())
    }

    private func send(_ reply: Reply, isLast: Bool = false) -> Bool {
        let sent = SentReply(reply)
        state.withLock { state in
            state.phase = .replied
            state.status = reply.status.code
            state.reply = sent
        }
        if let stream = sent.eventStream {
            stream.attach(to: connection)
            if server.isStopping { stream.close() }
        }
        guard let response = sent.makeResponse(endsConnection: isLast || server.isStopping) else { return false }
        return mhd_queue(connection.pointer, UInt32(reply.status.code), response) != 0
    }

    /// The library is done with the request.
    func end(reason: Int32) {
        let (completed, sink) = state.withLock { state in
            var sink: (any BodySink)?
            if case .streaming(let open) = state.phase { sink = open }
            let isWhole = reason == 0 && state.status != 0
            let completed = CompletedExchange(
                head: state.head, status: state.status, receivedBytes: state.receivedBytes,
                sentBytes: state.reply?.sentBytes ?? 0, duration: .now - began, wasSentWhole: isWhole)
            state.phase = .replied
            state.reply = nil
            return (completed, sink)
        }
        sink?.abandon()
        server.handler.completed(completed)
        server.watch.ended(on: descriptor)
    }

    func isBodyTooSlow(now: ContinuousClock.Instant, _ options: HTTPServerOptions) -> Bool {
        let age = now - began
        if age < options.slowBodyGrace { return false }
        return state.withLock { state in
            switch state.phase {
            case .awaitingHead: return true
            case .keeping, .streaming, .passingOver:
                return Double(state.receivedBytes) < age / .seconds(1) * Double(options.minimumBodyBytesPerSecond)
            case .working, .ready, .replied: return false
            }
        }
    }
}

// MARK: Reading the head

/// A head that is refused before the handler sees it.
private struct Refusal: Error {
    let reply: Reply

    init(_ status: HTTPStatus, _ text: String) { reply = .text(text + "\n", status: status) }
}

extension Exchange {
    private func requestHead(_ method: String) -> Result<RequestHead, Refusal> {
        guard let method = HTTPMethod(rawValue: method) else {
            return .failure(Refusal(.notImplemented, "This method is not known here."))
        }
        guard let target, target.utf8.first == UInt8(ascii: "/") else {
            return .failure(Refusal(.badRequest, "The request's target is not a path."))
        }
        guard let headers = requestHeaders(connection) else {
            return .failure(Refusal(.badRequest, "A header field is not UTF-8."))
        }
        // Two lengths, or a length and chunks, are how one request is made to look like two: RFC 9112, section 6.3.
        let lengths = headers.values(of: "Content-Length")
        let isChunked = headers["Transfer-Encoding"] != nil
        if lengths.count + (isChunked ? 1 : 0) > 1 || lengths.contains(where: { Int($0) == nil || $0.first == "+" }) {
            return .failure(Refusal(.badRequest, "The body's length is given twice or is not a number."))
        }
        if headers.values(of: "Host").count > 1 {
            return .failure(Refusal(.badRequest, "More than one Host is given."))
        }
        let parts = target.utf8.split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        return .success(
            RequestHead(
                method: method, path: String(Substring(parts[0])),
                query: parts.count == 2 ? String(Substring(parts[1])) : nil, headers: headers, peer: peer))
    }
}

private final class HeaderBox {
    var headers = HTTPHeaders()
    var isValid = true
}

private func requestHeaders(_ connection: ConnectionHandle) -> HTTPHeaders? {
    let box = HeaderBox()
    mhd_each_header(connection.pointer, Unmanaged.passUnretained(box).toOpaque(), addHeader)
    return box.isValid ? box.headers : nil
}

private func addHeader(
    context: UnsafeMutableRawPointer?, name: UnsafePointer<CChar>?, nameSize: Int, value: UnsafePointer<CChar>?,
    valueSize: Int
) {
    guard let context, let name, let value else { return }
    let box = Unmanaged<HeaderBox>.fromOpaque(context).takeUnretainedValue()
    if let name = text(name, nameSize), let value = text(value, valueSize) {
        box.headers.append(name, value)
    } else {
        box.isValid = false
    }
}

private func text(_ start: UnsafePointer<CChar>, _ count: Int) -> String? {
    String(validating: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
}

private func peerText(_ connection: ConnectionHandle) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
        guard let start = buffer.baseAddress else { return "" }
        mhd_peer(connection.pointer, start, 64)
        return String(cString: start)
    }
}
