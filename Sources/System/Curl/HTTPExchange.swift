package import HTTP

/// What is asked of a server.
package struct HTTPRequest: Sendable {
    package var method: HTTPMethod
    package var url: HTTPURL
    package var headers: HTTPHeaders
    package var body: RequestBody
    /// How many bytes of a reply with a status of 2xx are kept in memory at most; a longer one is refused. A reply that
    /// is received in pieces is not bound by it, and of one that reports a failure the first 64 KiB are kept.
    package var maxReplyBytes: Int
    /// The whole exchange must be over by then; nil for no such limit, as for large bodies.
    package var timeout: Duration?
    /// Follow redirects of GET and HEAD, five at most. Off by default: a signature holds for one URL only.
    package var followsRedirects: Bool

    package init(
        _ method: HTTPMethod, _ url: HTTPURL, headers: HTTPHeaders = [:], body: RequestBody = .none,
        maxReplyBytes: Int = 64 << 20, timeout: Duration? = nil, followsRedirects: Bool = false
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.maxReplyBytes = maxReplyBytes
        self.timeout = timeout
        self.followsRedirects = followsRedirects
    }
}

/// What a request carries.
package enum RequestBody: Sendable {
    case none
    case bytes([UInt8])
    /// Too long for memory: read in pieces, on the caller's thread, as the network takes them.
    case source(BodySource)

    package var sizeBytes: UInt64 {
        switch self {
        case .none: 0
        case .bytes(let bytes): UInt64(bytes.count)
        case .source(let source): source.sizeBytes
        }
    }
}

/// Bytes that can be read from any place, as often as need be: a file, or a part of one.
package struct BodySource: Sendable {
    package let sizeBytes: UInt64
    /// The bytes from `offset` on: `maxCount` of them, or fewer, but at least one before the end.
    package let read: @Sendable (_ offset: UInt64, _ maxCount: Int) throws -> [UInt8]

    package init(sizeBytes: UInt64, read: @escaping @Sendable (_ offset: UInt64, _ maxCount: Int) throws -> [UInt8]) {
        self.sizeBytes = sizeBytes
        self.read = read
    }
}

/// What a server answered, whatever the status.
package struct HTTPReply: Sendable {
    package let status: HTTPStatus
    package let headers: HTTPHeaders
    /// Empty where the body was handed over in pieces.
    package let body: [UInt8]

    package init(status: HTTPStatus, headers: HTTPHeaders, body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// How a client talks to all servers.
package struct HTTPClientOptions: Sendable {
    package var userAgent = "repro"
    /// PEM file with the certificates to trust, as bytes of its path; nil for the system's.
    package var certificateAuthorities: [UInt8]?
    package var connectTimeout: Duration = .seconds(20)
    /// An exchange that moves nothing for that long has failed.
    package var stallTimeout: Duration = .seconds(60)
    /// More exchanges than that to one host wait for a connection (or share one, with HTTP/2).
    package var maxConnectionsPerHost = 32

    package init() {}
}
