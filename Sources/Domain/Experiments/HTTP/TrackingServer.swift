package import Curl
package import Diagnostics
package import HTTP
package import JSON

/// A client of our own API, `/api/v1`, of a `repro server`.
///
/// Any thread may call; each call blocks until the server has answered. Nothing is cached.
package final class TrackingServer: Sendable {
    package let url: HTTPURL
    private let token: String?
    private let client: HTTPClient
    /// How long any one call may take, but for those that carry a file.
    private let timeout: Duration

    /// `text`: the address that `repro server` prints; with a path, if a proxy puts the server below one.
    package init(
        url text: String, token: String?, timeout: Duration = .seconds(60), options: HTTPClientOptions = .init()
    ) throws {
        do {
            url = try HTTPURL(parsing: text)
        } catch {
            throw TrackingServerError.invalidURL(text, reason: "\(error)")
        }
        self.token = token.flatMap { $0.isEmpty ? nil : $0 }
        self.timeout = timeout
        client = try HTTPClient(options: options)
    }

    /// `path`: the segments after `/api/v1`, as they are. Tried again after a moment if the network fails.
    package func get(_ path: [String], _ query: [QueryItem] = []) throws -> JSONValue {
        try retrying { try parse(send(request(.get, path, query))) }
    }

    /// The bytes of a reply that is no JSON.
    package func read(_ path: [String]) throws -> [UInt8] {
        try retrying { try send(request(.get, path)).body }
    }

    /// Once; the caller tries again if it may. `timeout`: nil where the server may be at work for long.
    package func post(_ path: [String], _ body: JSONValue) throws -> JSONValue {
        try post(path, body, timeout: timeout)
    }

    package func post(_ path: [String], _ body: JSONValue, timeout: Duration?) throws -> JSONValue {
        var request = request(.post, path)
        request.timeout = timeout
        request.headers["Content-Type"] = "application/json"
        request.body = .bytes(Array(body.text().utf8))
        return try parse(send(request))
    }

    package func put(_ path: [String], _ body: RequestBody, headers: [String: String]) throws {
        var request = request(.put, path)
        request.timeout = nil
        request.body = body
        for (name, value) in headers { request.headers[name] = value }
        _ = try send(request)
    }

    private func request(_ method: HTTPMethod, _ path: [String], _ query: [QueryItem] = []) -> HTTPRequest {
        var target = url
        let base = url.encodedPath.utf8.last == UInt8(ascii: "/") ? String(url.encodedPath.dropLast()) : url.encodedPath
        target.encodedPath =
            ([base, "api", "v1"] + path.map { PercentEncoding.component.encode($0) }).joined(separator: "/")
        target.encodedQuery = query.isEmpty ? nil : QueryItem.encode(query)
        var request = HTTPRequest(method, target, timeout: timeout)
        request.headers["Accept"] = "application/json"
        if let token { request.headers["Authorization"] = "Bearer \(token)" }
        return request
    }

    private func send(_ request: HTTPRequest) throws -> HTTPReply {
        let reply: HTTPReply
        do {
            reply = try client.send(request)
        } catch let error as HTTPClientError {
            throw TrackingServerError.unreachable(url.origin, error)
        }
        if reply.status.isSuccess { return reply }
        throw failure(reply)
    }

    private func failure(_ reply: HTTPReply) -> TrackingServerError {
        let code = reply.status.code
        if code == 401 { return .denied(url.origin, hasToken: token != nil) }
        if code == 429 || (502...504).contains(code) { return .busy(url.origin, status: reply.status.description) }
        guard let fields = try? JSONFields(try JSONValue(parsing: reply.body)), let error = try? fields.object("error"),
            let message = try? error.text("message")
        else {
            return .noAPI(url.origin, status: reply.status.description)
        }
        let kind = ((try? error.text("kind")) ?? nil).flatMap { ErrorKind(rawValue: $0) } ?? .unavailable
        return .refused(kind: kind, message: message, hint: (try? error.text("hint")) ?? nil)
    }

    private func parse(_ reply: HTTPReply) throws -> JSONValue {
        guard let value = try? JSONValue(parsing: reply.body) else {
            throw TrackingServerError.noAPI(url.origin, status: "a reply that is no JSON")
        }
        return value
    }

    private func retrying<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as TrackingServerError where error.mayPass {
            if case .unreachable(_, let cause) = error, case .cannotConnect = cause { throw error }
            return try body()
        }
    }
}

/// Why a server did not do what was asked.
package enum TrackingServerError: UserFacingError, Equatable {
    case invalidURL(String, reason: String)
    case unreachable(String, HTTPClientError)
    case busy(String, status: String)
    /// It answered, but not as a `repro server` does.
    case noAPI(String, status: String)
    case denied(String, hasToken: Bool)
    /// In the server's words.
    case refused(kind: ErrorKind, message: String, hint: String?)

    /// Whether the same call may succeed a little later.
    package var mayPass: Bool {
        switch self {
        case .unreachable(_, let cause): cause.isTransient
        case .busy: true
        case .refused(let kind, _, _): kind == .unavailable
        case .invalidURL, .noAPI, .denied: false
        }
    }

    package var kind: ErrorKind {
        switch self {
        case .invalidURL: .invalidInput
        case .unreachable(_, let cause): cause.kind
        case .busy, .noAPI: .unavailable
        case .denied: .denied
        case .refused(let kind, _, _): kind
        }
    }

    package var message: String {
        switch self {
        case .invalidURL(let text, let reason): "tracking server `\(text)` is no URL: \(reason)"
        case .unreachable(_, let cause): "tracking server: \(cause.message)"
        case .busy(let origin, let status): "tracking server \(origin) is busy: \(status)"
        case .noAPI(let origin, let status): "\(origin) is no repro server: it answered \(status)"
        case .denied(let origin, false): "tracking server \(origin) asks for a token"
        case .denied(let origin, true): "tracking server \(origin) does not know the token"
        case .refused(_, let message, _): message
        }
    }

    package var hint: String? {
        switch self {
        case .invalidURL: "write it as `repro server` prints it: http://host:5000"
        case .unreachable(_, let cause): cause.hint
        case .busy: "try again later"
        case .noAPI: "check the URL; the server must be of this version of Repro or a later one"
        case .denied: "set REPRO_TOKEN to a token of the server"
        case .refused(_, _, let hint): hint
        }
    }
}
