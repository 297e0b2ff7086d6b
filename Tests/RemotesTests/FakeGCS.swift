import HTTP
import JSON
import Synchronization
import TestSupport

@testable import Remotes

/// A small server of Google Cloud Storage's JSON API in memory, from Google's published reference: tokens and
/// preconditions enforced, pages of three names, resumable uploads; and the endpoint that gives tokens.
final class FakeGCS: Sendable {
    struct Behaviour: Sendable {
        var token: String?
        /// Only the first so many bytes of each piece of a resumable upload are taken.
        var takesBytes = Int.max
        var fault: @Sendable (Int, TestServer.Request) -> TestServer.Response? = { _, _ in nil }
    }

    private struct State: Sendable {
        var behaviour: Behaviour
        var files: [String: [UInt8]] = [:]
        var sessions: [String: (name: String, bytes: [UInt8])] = [:]
        var requestCount = 0
        var tokenRequests: [String] = []
    }

    private let state: Mutex<State>
    private let server = Mutex<TestServer?>(nil)

    init(_ behaviour: Behaviour = Behaviour()) throws {
        state = Mutex(State(behaviour: behaviour))
        let server = try TestServer { [unowned self] in answer($0) }
        self.server.withLock { $0 = server }
    }

    deinit { server.withLock { $0?.stop() } }

    func change(_ change: (inout Behaviour) -> Void) { state.withLock { change(&$0.behaviour) } }

    var origin: String { server.withLock { $0?.origin ?? "" } }
    var files: [String: [UInt8]] { state.withLock { $0.files } }
    var tokenRequests: [String] { state.withLock { $0.tokenRequests } }

    func location() throws -> GCSLocation {
        GCSLocation(bucket: "fake-bucket", prefix: "some/prefix", endpoint: try HTTPURL(parsing: origin))
    }

    private func answer(_ request: TestServer.Request) -> TestServer.Response {
        state.withLock { state in
            state.requestCount += 1
            if let response = state.behaviour.fault(state.requestCount, request) { return response }
            if request.path == "/token" {
                state.tokenRequests.append(String(decoding: request.body, as: UTF8.self))
                let token = state.behaviour.token ?? ""
                return TestServer.Response(text: "{\"access_token\": \"\(token)\", \"expires_in\": 3599}")
            }
            if let token = state.behaviour.token, request.headers["Authorization"] != "Bearer \(token)" {
                return TestServer.Response(.unauthorized)
            }
            return answer(request, &state)
        }
    }

    private func answer(_ request: TestServer.Request, _ state: inout State) -> TestServer.Response {
        let base = "/storage/v1/b/fake-bucket/o"
        let path = request.target.prefix { $0 != "?" }
        if path == "/upload" + base { return upload(request, &state) }
        if path == "/session" { return piece(request, &state) }
        if path == base { return list(request, state.files) }
        guard path.hasPrefix(base + "/"), !path.dropFirst(base.count + 1).contains("/"),
            let name = PercentEncoding.decode(path.dropFirst(base.count + 1))
        else { return TestServer.Response(.notFound) }
        let key = String(decoding: name, as: UTF8.self)
        if request.method == "DELETE" {
            return TestServer.Response(state.files.removeValue(forKey: key) == nil ? .notFound : .noContent)
        }
        guard let content = state.files[key] else { return TestServer.Response(.notFound) }
        if request.query("alt") != "media" { return TestServer.Response(text: Self.describe(key, content)) }
        switch ByteRange.parse(requestHeader: request.headers["Range"], sizeBytes: UInt64(content.count)) {
        case .all: return TestServer.Response(body: content)
        case .unsatisfiable: return TestServer.Response(.rangeNotSatisfiable)
        case .part(let range):
            return TestServer.Response(
                .partialContent, headers: ["Content-Range": range.replyHeader(of: UInt64(content.count))],
                body: Array(content[Int(range.offset)..<Int(range.end)]))
        }
    }

    private static func describe(_ key: String, _ content: [UInt8]) -> String {
        "{\"name\": \"\(key)\", \"size\": \"\(content.count)\", \"updated\": \"2026-11-21T10:20:30.000Z\"}"
    }

    private func upload(_ request: TestServer.Request, _ state: inout State) -> TestServer.Response {
        guard let name = request.query("name") else { return TestServer.Response(.badRequest) }
        if request.query("ifGenerationMatch") == "0", state.files[name] != nil {
            return TestServer.Response(.preconditionFailed)
        }
        if request.query("uploadType") == "resumable" {
            let id = "\(state.sessions.count)"
            state.sessions[id] = (name, [])
            return TestServer.Response(headers: ["Location": "\(origin)/session?id=\(id)"])
        }
        state.files[name] = request.body
        return TestServer.Response(text: Self.describe(name, request.body))
    }

    private func piece(_ request: TestServer.Request, _ state: inout State) -> TestServer.Response {
        guard let id = request.query("id"), var session = state.sessions[id],
            let range = request.headers["Content-Range"], let total = Int(range.split(separator: "/").last ?? "")
        else { return TestServer.Response(.badRequest) }
        if !range.hasPrefix("bytes */") {
            let start = Int(range.dropFirst(6).split(separator: "-").first ?? "")
            if start != session.bytes.count { return TestServer.Response(.badRequest) }
            session.bytes += request.body.prefix(state.behaviour.takesBytes)
            state.sessions[id] = session
        }
        if session.bytes.count < total {
            let headers: HTTPHeaders = session.bytes.isEmpty ? [:] : ["Range": "bytes=0-\(session.bytes.count - 1)"]
            return TestServer.Response(.permanentRedirect, headers: headers)
        }
        state.files[session.name] = session.bytes
        return TestServer.Response(text: Self.describe(session.name, session.bytes))
    }

    private func list(_ request: TestServer.Request, _ files: [String: [UInt8]]) -> TestServer.Response {
        let prefix = request.query("prefix") ?? ""
        let after = request.query("pageToken") ?? ""
        let names = files.keys.filter { $0.hasPrefix(prefix) && $0 > after }.sorted()
            .filter { request.query("delimiter") == nil || !$0.dropFirst(prefix.count).contains("/") }
        let page = names.prefix(3)
        let items = page.map { Self.describe($0, files[$0] ?? []) }.joined(separator: ", ")
        let next = names.count > page.count ? ", \"nextPageToken\": \"\(page.last ?? "")\"" : ""
        return TestServer.Response(text: page.isEmpty ? "{}" : "{\"items\": [\(items)]\(next)}")
    }
}
