import HTTP
import MicroHTTPD
import Synchronization
import TestSupport
import Testing

@Suite struct HTTPServerTests {
    let handler = EchoHandler()
    let server: HTTPServer

    init() throws { server = try HTTPServer(options: HTTPServerOptions(), handler: handler) }

    @Test func `requests on one connection are answered one after the other`() throws {
        let client = try RawClient(port: server.port)
        #expect(client.get("/a%2Fb?x=%20")?.text == "GET /a%2Fb x=%20 ")
        client.send("POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello")
        #expect(client.receive()?.text == "POST /b - hello")
    }

    @Test(arguments: ["/", "/worker"]) func `a chunked body is put together`(path: String) throws {
        let client = try RawClient(port: server.port)
        client.send("PUT \(path) HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.send("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
        #expect(client.receive()?.text.hasSuffix("abcde") == true)
    }

    @Test func `a body that is announced too large is refused before it is sent`() throws {
        let client = try RawClient(port: server.port)
        client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1073741824\r\n\r\n")
        #expect(client.receive()?.status == 413)
    }

    @Test func `a chunked body that grows too large is refused`() throws {
        let client = try RawClient(port: server.port)
        client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in 0..<20 { client.send("64\r\n" + String(repeating: "x", count: 100) + "\r\n") }
        client.send("0\r\n\r\n")
        #expect(client.receive()?.status == 413)
        #expect(client.get("/")?.status == 200)
    }

    @Test(arguments: [
        "Content-Length: 1\r\nContent-Length: 2", "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Content-Length: x", "Content-Length: -1", "Host: other",
    ]) func `a request that could be read as two is refused`(headers: String) throws {
        let client = try RawClient(port: server.port)
        client.send("POST / HTTP/1.1\r\nHost: h\r\n\(headers)\r\n\r\n0\r\n\r\n")
        let reply = client.receive()
        #expect(reply == nil || reply?.status == 400)
    }

    @Test func `ten thousand header fields are refused`() throws {
        let client = try RawClient(port: server.port)
        client.send("GET / HTTP/1.1\r\nHost: h\r\n" + String(repeating: "X-A: b\r\n", count: 10_000) + "\r\n")
        let reply = client.receive()
        #expect(reply == nil || reply?.status == 431)
        #expect(try RawClient(port: server.port).get("/")?.status == 200)
    }

    @Test func `bytes that are not UTF-8 are refused`() throws {
        let target = try RawClient(port: server.port)
        target.send(Array("GET /".utf8) + [0xFF, 0xFE] + Array(" HTTP/1.1\r\nHost: h\r\n\r\n".utf8))
        #expect(target.receive()?.status == 400)
        let header = try RawClient(port: server.port)
        header.send(Array("GET / HTTP/1.1\r\nHost: h\r\nX: ".utf8) + [0xC3, 0x28] + Array("\r\n\r\n".utf8))
        #expect(header.receive()?.status == 400)
    }

    @Test func `an unknown method is refused`() throws {
        let client = try RawClient(port: server.port)
        client.send("BREW / HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(client.receive()?.status == 501)
    }

    @Test func `a streamed body reaches its sink, whose answer is the reply`() throws {
        let client = try RawClient(port: server.port)
        client.send("PUT /stream HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000\r\n\r\n")
        client.send(String(repeating: "x", count: 3_000_000))
        #expect(client.receive()?.text == "3000000 bytes\n")
    }

    @Test func `a sink may end the matter in the middle`() throws {
        let client = try RawClient(port: server.port)
        client.send("PUT /stream HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc!efghij")
        #expect(client.receive()?.text == "no exclamation\n")
    }

    @Test func `a body that breaks off is abandoned`() throws {
        do {
            let client = try RawClient(port: server.port)
            client.send("PUT /stream HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc")
            #expect(eventually { handler.sink.received.withLock { $0 == 3 } })
        }
        #expect(eventually { handler.sink.wasAbandoned.load(ordering: .acquiring) })
    }

    @Test func `a reply is read piece by piece, with or without a known size`() throws {
        let client = try RawClient(port: server.port)
        #expect(client.get("/count")?.body.count == 300_000)
        let sized = client.get("/sized")
        #expect(sized?.header("Content-Length") == "300000")
        #expect(sized?.body.count == 300_000)
    }

    @Test func `a reply that ends before its promised size does not look whole`() throws {
        #expect(try RawClient(port: server.port).get("/torn") == nil)
    }

    @Test func `events reach the listener as they are sent`() throws {
        let client = try RawClient(port: server.port)
        client.send("GET /events HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(client.readHead()?.contains("text/event-stream") == true)
        handler.events.send(event: "run", id: "7", data: "one\ntwo")
        #expect(client.readChunk() == Array("id: 7\nevent: run\ndata: one\ndata: two\n\n".utf8))
        handler.events.send(data: "three")
        #expect(client.readChunk() == Array("data: three\n\n".utf8))
        handler.events.close()
        #expect(client.readChunk() == [])
        #expect(eventually { !handler.events.isOpen })
    }

    @Test func `what is over is reported with its status and size`() throws {
        _ = try RawClient(port: server.port).get("/x")
        #expect(eventually { handler.completed.withLock { !$0.isEmpty } })
        let exchange = handler.completed.withLock { $0[0] }
        #expect(exchange.status == 200)
        #expect(exchange.sentBytes == 9)
        #expect(exchange.wasSentWhole)
        #expect(exchange.head?.peer == "127.0.0.1")
    }

    @Test func `a thousand idle connections leave room for others`() throws {
        let idle = try (0..<1000).map { _ in try RawClient(port: server.port) }
        #expect(try RawClient(port: server.port).get("/")?.status == 200)
        #expect(idle.count == 1000)
    }
}
