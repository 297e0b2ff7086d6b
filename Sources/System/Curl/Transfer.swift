import CCurl
import HTTP
import Threads

/// One exchange: a request on its way out, its reply on its way in.
///
/// Between the network's thread, which runs libcurl's callbacks, and the caller's, which waits in `nextEvent`.
final class Transfer: @unchecked Sendable {
    // Sendable because `easy`, `lines` and `details` are set up before the transfer is started, then used by the network's thread
    // only, until `ended` was called; all else is constant or inside `state`.
    let easy: UnsafeMutableRawPointer
    let lines: UnsafeMutablePointer<curl_slist>?
    /// Where libcurl says more of what failed than its code does.
    let details: UnsafeMutablePointer<CChar>
    let body: RequestBody
    let collectsBody: Bool
    let maxReplyBytes: Int
    private let origin: String
    private let host: String
    private let certificates: String
    let state = Guarded(State())

    enum Event: Sendable {
        case received([[UInt8]])
        /// The body from `offset` on is wanted; see `supply`.
        case wantsBody(offset: UInt64)
        case ended(Result<HTTPReply, HTTPClientError>)
    }

    struct State: Sendable {
        var headers = HTTPHeaders()
        var headerBytes = 0
        /// Received and not handed over yet.
        var pieces: [[UInt8]] = []
        var pieceBytes = 0
        /// Kept for the reply.
        var collected: [UInt8] = []
        /// How much of the body was given to libcurl.
        var sent: UInt64 = 0
        /// Read from the source, from `sent` on.
        var supplied: [UInt8] = []
        var suppliedStart = 0
        var wantsBody = false
        var replyIsTooLarge = false
        var outcome: Result<HTTPReply, HTTPClientError>?
    }

    init(_ request: HTTPRequest, options: HTTPClientOptions, collectsBody: Bool) throws {
        guard let easy = ccurl_easy_init() else { throw HTTPClientError.libraryMissing(reason: "out of memory") }
        self.easy = easy
        self.collectsBody = collectsBody
        body = request.body
        maxReplyBytes = request.maxReplyBytes
        origin = request.url.origin
        host = request.url.host
        certificates = options.certificateAuthorities.map { String(decoding: $0, as: UTF8.self) } ?? "of the system"
        var lines: UnsafeMutablePointer<curl_slist>?
        for line in request.headers.fields.map(Self.line) + ["Expect:"] {
            if let longer = ccurl_slist_append(lines, line) { lines = longer }
        }
        self.lines = lines
        details = .allocate(capacity: Int(CURL_ERROR_SIZE))
        details.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        setUp(request, options)
    }

    deinit {
        ccurl_easy_cleanup(easy)
        ccurl_slist_free_all(lines)
        details.deallocate()
    }

    /// What the caller has to do next; nil when `timeout` has passed.
    func nextEvent(timeout: Duration) -> Event? {
        state.wait(timeout: timeout) { state in
            if !state.pieces.isEmpty {
                defer {
                    state.pieces = []
                    state.pieceBytes = 0
                }
                return .received(state.pieces)
            }
            if let outcome = state.outcome { return .ended(outcome) }
            if state.wantsBody { return .wantsBody(offset: state.sent) }
            return nil
        }
    }

    /// Answers `wantsBody`.
    func supply(_ bytes: [UInt8]) {
        state.withLock { state in
            state.supplied = bytes
            state.suppliedStart = 0
            state.wantsBody = false
        }
    }

    func waitUntilEnded() {
        state.wait { $0.outcome }
    }

    /// libcurl is done with this transfer, and will not call back again.
    func ended(_ code: CURLcode) {
        let status = HTTPStatus(code: ccurl_get_long(easy, CURLINFO_RESPONSE_CODE))
        let reason = String(cString: ccurl_easy_strerror(code))
        state.withLock { state in
            if state.replyIsTooLarge {
                state.outcome = .failure(.replyTooLarge(origin: origin, limitBytes: maxReplyBytes))
            } else if code == CURLE_OK {
                state.outcome = .success(
                    HTTPReply(status: status, headers: state.headers, body: state.collected))
            } else {
                state.outcome = .failure(failure(code, reason))
            }
        }
    }

    private func failure(_ code: CURLcode, _ reason: String) -> HTTPClientError {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST: .unknownHost(host)
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT: .cannotConnect(origin: origin, reason: reason)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_CIPHER:
            // The code says only that it was refused, and not whether the certificate is too old or another host's.
            .insecure(origin: origin, reason: details[0] == 0 ? reason : String(cString: details))
        case CURLE_SSL_CACERT_BADFILE: .certificatesUnreadable(path: certificates)
        case CURLE_OPERATION_TIMEDOUT: .timedOut(origin: origin)
        case CURLE_TOO_MANY_REDIRECTS: .tooManyRedirects(origin: origin)
        case CURLE_ABORTED_BY_CALLBACK: .cancelled
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_HTTP2,
            CURLE_HTTP2_STREAM, CURLE_SEND_FAIL_REWIND, CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL:
            .connectionLost(origin: origin, reason: reason)
        default: .failed(origin: origin, reason: reason)
        }
    }

    /// A header without a value is written `Name;`, because libcurl takes `Name:` as the wish to send none.
    private static func line(_ field: HTTPHeaders.Field) -> String {
        field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)"
    }
}
