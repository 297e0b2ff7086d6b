import Curl
import Diagnostics
import HTTP
import Threads

/// What the remotes that speak HTTP have in common: sending, ranges, and what a status of failure means.
struct HTTPChannel: Sendable {
    let label: String
    let client: HTTPClient
    let cancellation: Cancellation?

    /// Sends as it is; the reply's body is bounded by the request. `name` is for the error.
    func send(_ request: HTTPRequest, name: RemoteName?, limitBytes: Int) throws -> HTTPReply {
        do {
            return try client.send(request, cancellation: cancellation)
        } catch let error as HTTPClientError {
            if case .replyTooLarge = error {
                throw RemoteError.tooLarge(remote: label, name: name?.text ?? "a reply", limitBytes: limitBytes)
            }
            throw RemoteError.network(remote: label, cause: error)
        }
    }

    /// The bytes that were asked for, out of a reply to a GET; nil if its status is one of failure.
    ///
    /// A server may ignore the range and send everything; it may not send another part.
    func content(of reply: HTTPReply, _ range: ByteRange?, name: RemoteName, limitBytes: Int) throws -> [UInt8]? {
        switch reply.status {
        case .ok:
            guard let range else { return reply.body }
            let start = Int(clamping: min(range.offset, UInt64(reply.body.count)))
            let end = Int(clamping: min(range.end, UInt64(reply.body.count)))
            return Array(reply.body[start..<end])
        case .partialContent:
            try checkEnd(of: reply)
            guard let range, let header = reply.headers["Content-Range"],
                let sent = ByteRange.parse(replyHeader: header), sent.range.offset == range.offset,
                sent.range.end <= range.end, sent.range.count == UInt64(reply.body.count),
                sent.range.end == range.end || sent.sizeBytes == nil || sent.sizeBytes == sent.range.end
            else {
                throw RemoteError.unexpectedReply(remote: label, what: "another part of \(name) than was asked for")
            }
            return reply.body
        case .rangeNotSatisfiable: return range == nil ? nil : []
        default: return nil
        }
    }

    /// Fewer bytes than the reply itself says that it has: the same may arrive whole another time.
    private func checkEnd(of reply: HTTPReply) throws {
        guard let header = reply.headers["Content-Range"], let sent = ByteRange.parse(replyHeader: header),
            UInt64(reply.body.count) < sent.range.count
        else { return }
        let cause = HTTPClientError.connectionLost(origin: label, reason: "the reply ended too early")
        throw RemoteError.network(remote: label, cause: cause)
    }

    /// What a status of 429 or from 500 on, or one that nobody expected, means.
    func failure(_ reply: HTTPReply, code: String) -> RemoteError {
        let wait = Self.retryAfter(reply)
        switch reply.status.code {
        case 429: return .throttled(remote: label, retryAfter: wait)
        case 503 where code.isEmpty || code == "SlowDown": return .throttled(remote: label, retryAfter: wait)
        case 408, 500...599:
            return .serverFailed(remote: label, status: reply.status.code, code: code, retryAfter: wait)
        default:
            let words = code.isEmpty ? "" : " (\(code))"
            return .unexpectedReply(remote: label, what: "the status \(reply.status)\(words)")
        }
    }

    func modified(_ reply: HTTPReply) -> Timestamp? {
        reply.headers["Last-Modified"].flatMap { HTTPDate(parsing: $0) }
            .map { Timestamp(milliseconds: $0.secondsSince1970 * 1000) }
    }

    /// Seconds, or a date that is compared with the reply's own: our clock may be wrong.
    private static func retryAfter(_ reply: HTTPReply) -> Duration? {
        guard let text = reply.headers["Retry-After"] else { return nil }
        if let seconds = Int64(text) { return .seconds(max(0, seconds)) }
        guard let until = HTTPDate(parsing: text), let now = reply.headers["Date"].flatMap({ HTTPDate(parsing: $0) })
        else { return nil }
        return .seconds(max(0, until.secondsSince1970 - now.secondsSince1970))
    }
}
