import Curl
import HTTP
import Synchronization
import TestSupport
import Testing
import Threads

@Suite struct HTTPClientTests {
    private func client(_ change: (inout HTTPClientOptions) -> Void = { _ in }) throws -> HTTPClient {
        var options = HTTPClientOptions()
        change(&options)
        return try HTTPClient(options: options)
    }

    private func echo() throws -> TestServer {
        try TestServer { request in
            TestServer.Response(headers: ["X-Method": request.method, "X-Target": request.target], body: request.body)
        }
    }

    @Test func `a request arrives as it was made and the reply comes back whole`() throws {
        let server = try echo()
        defer { server.stop() }
        let url = try HTTPURL(parsing: "\(server.origin)/a/../b%20c/./?x=%2F&y")
        let request = HTTPRequest(.put, url, headers: ["X-One": "1", "X-Empty": ""], body: .bytes(Array("hello".utf8)))
        let reply = try client().send(request)
        #expect(reply.status == .ok)
        #expect(reply.headers["x-method"] == "PUT")
        #expect(reply.headers["x-target"] == "/a/../b%20c/./?x=%2F&y")
        #expect(reply.body == Array("hello".utf8))
        let seen = try #require(server.requests.first)
        #expect(seen.headers["X-One"] == "1")
        #expect(seen.headers["X-Empty"] == "")
        #expect(seen.headers["Content-Length"] == "5")
        #expect(seen.headers["User-Agent"] == "repro")
        #expect(seen.headers["Expect"] == nil)
    }

    @Test(arguments: HTTPMethod.allCases)
    func `every method goes out under its name, with an empty body where it needs one`(method: HTTPMethod) throws {
        let server = try echo()
        defer { server.stop() }
        let reply = try client().send(HTTPRequest(method, HTTPURL(parsing: server.origin)))
        #expect(reply.headers["X-Method"] == method.rawValue)
        let hasLength = server.requests.first?.headers["Content-Length"] == "0"
        #expect(hasLength == [.put, .post, .patch].contains(method))
    }

    @Test func `a status of failure is a reply, not an error`() throws {
        let server = try TestServer { _ in TestServer.Response(.notFound, text: "no such key") }
        defer { server.stop() }
        let request = try HTTPRequest(.get, HTTPURL(parsing: server.origin))
        var pieces = 0
        let reply = try client().send(request) { _ in pieces += 1 }
        #expect(reply.status == .notFound)
        #expect(reply.body == Array("no such key".utf8))
        #expect(pieces == 0)
    }

    @Test func `large bodies stream both ways and arrive whole`() throws {
        let size = 3_000_003
        let pattern: @Sendable (Int) -> UInt8 = { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let server = try echo()
        defer { server.stop() }
        let source = BodySource(sizeBytes: UInt64(size)) { offset, maxCount in
            (Int(offset)..<min(size, Int(offset) + min(maxCount, 300_000))).map(pattern)
        }
        let request = try HTTPRequest(.put, HTTPURL(parsing: server.origin), body: .source(source))
        var received: [UInt8] = []
        let reply = try client().send(request) { received += $0 }
        #expect(reply.status == .ok)
        #expect(reply.body.isEmpty)
        #expect(received == (0..<size).map(pattern))
    }

    @Test func `connections are used again, and many threads share one client`() throws {
        let server = try echo()
        defer { server.stop() }
        let client = try client { $0.maxConnectionsPerHost = 4 }
        let url = try HTTPURL(parsing: server.origin)
        let replies = try mapConcurrently(Array(0..<200), width: 16) { number in
            try client.send(HTTPRequest(.post, url, body: .bytes(Array("\(number)".utf8)))).body
        }
        #expect(replies == (0..<200).map { Array("\($0)".utf8) })
        #expect(server.connectionCount <= 4)
    }

    @Test func `redirects are followed only when that was asked for`() throws {
        let server = try TestServer { request in
            request.target == "/old"
                ? TestServer.Response(.found, headers: ["Location": "/new"]) : TestServer.Response(text: "new")
        }
        defer { server.stop() }
        var request = try HTTPRequest(.get, HTTPURL(parsing: "\(server.origin)/old"))
        #expect(try client().send(request).status == .found)
        request.followsRedirects = true
        let reply = try client().send(request)
        #expect(reply.body == Array("new".utf8))
        #expect(reply.headers["Location"] == nil)
    }

    @Test func `an error of the receiver ends the transfer and is thrown on`() throws {
        struct Enough: Error {}
        let server = try TestServer { _ in TestServer.Response(body: [UInt8](repeating: 7, count: 30_000_000)) }
        defer { server.stop() }
        let client = try client()
        let request = try HTTPRequest(.get, HTTPURL(parsing: server.origin))
        #expect(throws: Enough.self) { _ = try client.send(request) { _ in throw Enough() } }
        #expect(try client.send(HTTPRequest(.head, HTTPURL(parsing: server.origin))).status == .ok)
    }

    @Test func `an error of the body's source ends the transfer and is thrown on`() throws {
        struct Unreadable: Error {}
        let server = try echo()
        defer { server.stop() }
        let source = BodySource(sizeBytes: 1_000_000) { _, _ in throw Unreadable() }
        let request = try HTTPRequest(.put, HTTPURL(parsing: server.origin), body: .source(source))
        #expect(throws: Unreadable.self) { try client().send(request) }
    }

    @Test func `a cancelled request returns at once`() throws {
        let server = try TestServer { _ in TestServer.Response(fault: .hang) }
        defer { server.stop() }
        let cancellation = Cancellation()
        let request = try HTTPRequest(.get, HTTPURL(parsing: server.origin))
        let client = try client()
        let outcome = Mutex<HTTPClientError?>(nil)
        let thread = Thread.start(name: "asker") {
            do { _ = try client.send(request, cancellation: cancellation) } catch {
                outcome.withLock { $0 = error as? HTTPClientError }
            }
        }
        cancellation.cancel()
        thread.join()
        #expect(outcome.withLock { $0 } == .cancelled)
    }

    @Test func `a thousand clients can be opened and dropped`() throws {
        for _ in 0..<1000 { _ = try HTTPClient() }
    }
}
