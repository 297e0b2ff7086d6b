package import HTTP

/// What a server does with requests. Called by several threads at once; nothing here throws, since the only thing left
/// to do with an error is to reply it.
package protocol RequestHandler: Sendable {
    /// Decides on the head alone, before a byte of the body is read. Runs on an event thread: it must not wait.
    func plan(for head: RequestHead) -> RequestPlan
    /// A request is over, whether its reply was sent whole or not.
    func completed(_ exchange: CompletedExchange)
    /// The library complains about something that has no request: for a log.
    func complained(_ problem: String)
}

extension RequestHandler {
    package func completed(_ exchange: CompletedExchange) {}
    package func complained(_ problem: String) {}
}

/// A request without its body.
package struct RequestHead: Sendable {
    package let method: HTTPMethod
    /// As sent, still percent-encoded, without the query.
    package let path: String
    /// As sent, without its `?`; nil for none.
    package let query: String?
    package let headers: HTTPHeaders
    /// The other side's address, without port.
    package let peer: String

    package init(method: HTTPMethod, path: String, query: String?, headers: HTTPHeaders, peer: String) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.peer = peer
    }
}

/// How a request goes on after its head.
package enum RequestPlan: Sendable {
    /// Reply without looking at the body.
    case reply(Reply)
    /// Keep the body in memory; a longer one is refused with 413, by `tooLarge`.
    case buffer(
        maximumBytes: Int, tooLarge: Reply, thread: HandlerThread, respond: @Sendable (_ body: [UInt8]) -> Reply)
    /// Hand the body over piece by piece.
    case stream(any BodySink)
}

/// Where a handler runs.
package enum HandlerThread: Sendable {
    /// On the event thread: quickest, but other connections wait meanwhile. For what takes well under a millisecond.
    case event
    /// On a thread of its own.
    case worker
}

/// Takes a body piece by piece; each call comes after the one before it has returned.
package protocol BodySink: AnyObject, Sendable {
    /// On an event thread. An answer ends the matter: the rest of the body is passed over and the answer is the reply.
    func receive(_ piece: UnsafeRawBufferPointer) -> Reply?
    /// The body is whole. On a worker thread.
    func finish() -> Reply
    /// The body will never be whole: the client went away, or the server stops.
    func abandon()
}

/// A request that is over, for the log and the counters.
package struct CompletedExchange: Sendable {
    /// Nil if the request never got so far.
    package let head: RequestHead?
    /// 0 if no reply was sent.
    package let status: Int
    package let receivedBytes: Int
    package let sentBytes: Int
    package let duration: Duration
    /// False if the client went away before all was sent.
    package let wasSentWhole: Bool

    package init(
        head: RequestHead?, status: Int, receivedBytes: Int, sentBytes: Int, duration: Duration, wasSentWhole: Bool
    ) {
        self.head = head
        self.status = status
        self.receivedBytes = receivedBytes
        self.sentBytes = sentBytes
        self.duration = duration
        self.wasSentWhole = wasSentWhole
    }
}
