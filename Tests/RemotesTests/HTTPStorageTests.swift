import Diagnostics
import HTTP
import TestSupport
import Testing

@testable import Remotes

@Suite struct HTTPStorageTests {
    private func storage(
        _ answer: @escaping @Sendable (TestServer.Request) -> TestServer.Response
    ) throws -> (HTTPStorage, TestServer) {
        let server = try TestServer(answer)
        let url = try HTTPURL(parsing: "\(server.origin)/base")
        return (HTTPStorage(url, client: try testEnvironment().client), server)
    }

    @Test func `a folder is read out of the page that shows it`() throws {
        let (storage, server) = try storage { request in
            request.path == "/base/index/"
                ? TestServer.Response(
                    text: """
                        <a href="../">..</a> <a href="?C=N;O=D">Name</a> <a href="one.segment">one</a>
                        <A HREF="x"> <a href="./two.segment">two</a> <a href="sub/">sub</a> <a href="/etc/passwd">p</a>
                        <a href="..%2Fevil">e</a> <a href="one.segment">again</a>
                        """) : TestServer.Response(.notFound)
        }
        defer { server.stop() }
        #expect(try storage.listAll("index").map(\.name.text) == ["index/one.segment", "index/two.segment"])
        #expect(try storage.listAll("packs").isEmpty)
    }

    @Test func `a web server that holds no remote does not pass for one`() throws {
        let (storage, server) = try storage { _ in TestServer.Response(.notFound) }
        defer { server.stop() }
        let checks = probeRemote(storage)
        #expect(checks.map(\.name) == ["list", "read"])
        #expect(checks.last?.failure?.message == "remote \(storage.label): nothing was ever pushed there")
        #expect(probeRemote(storage, isDVC: true).filter { !$0.isPassed }.isEmpty)
    }

    @Test func `a part is right whether or not the server knows ranges`() throws {
        let content = Array(0..<UInt8(100))
        let (simple, server) = try storage { _ in TestServer.Response(body: content) }
        defer { server.stop() }
        #expect(try simple.get(name("a"), ByteRange(offset: 10, count: 5), limitBytes: 5) == [10, 11, 12, 13, 14])
        #expect(try simple.head(name("a"))?.sizeBytes == 100)
    }

    @Test func `another part than was asked for is refused`() throws {
        let (storage, server) = try storage { _ in
            TestServer.Response(.partialContent, headers: ["Content-Range": "bytes 0-4/100"], body: [0, 1, 2, 3, 4])
        }
        defer { server.stop() }
        let error = #expect(throws: RemoteError.self) {
            try storage.get(name("a"), ByteRange(offset: 10, count: 5), limitBytes: 5)
        }
        #expect(
            error?.description == """
                remote \(server.origin)/base: the server sent another part of a than was asked for
                hint: check that the URL names the right server
                """)
    }

    @Test func `nothing can be written`() throws {
        let (storage, server) = try storage { _ in TestServer.Response() }
        defer { server.stop() }
        #expect(!storage.isWritable)
        let error = #expect(throws: RemoteError.self) { try storage.put(name("a"), [1]) }
        #expect(
            error?.description == """
                remote \(server.origin)/base can only be read
                hint: push to a bucket or a folder, from which the web server may serve
                """)
        #expect(throws: RemoteError.notWritable(remote: "\(server.origin)/base")) { try storage.delete(name("a")) }
    }

    @Test(arguments: ["", "/a", "a/", "../a", "a/../b", "A", "a b", ".a", "a//b", "é", "a/b/c/d/e", "a\0"])
    func `a text that could lead elsewhere is no name`(text: String) {
        #expect(RemoteName(text) == nil)
    }

    @Test func `a name comes apart`() throws {
        let file = try name("packs/abc.pack")
        #expect(file.folder == "packs")
        #expect(file.lastComponent == "abc.pack")
        #expect(try name("top").folder == "")
    }
}
