import Diagnostics
import Glibc
import HTTP
import MicroHTTPD
import Synchronization
import TestSupport
import Testing
import Threads

@Suite struct StopTests {
    @Test func `a request that has begun is replied whole before the server stops`() throws {
        let handler = EchoHandler()
        let server = try HTTPServer(options: HTTPServerOptions(), handler: handler)
        let client = try RawClient(port: server.port)
        client.send("POST /slow HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nok")
        #expect(eventually { handler.slowBegan.load(ordering: .acquiring) })
        let stopping = Thread.start(name: "stop") { server.stop() }
        // The listening socket is closed first.
        #expect(eventually { (try? RawClient(port: server.port)) == nil })
        handler.mayGoOn.store(true, ordering: .releasing)
        let reply = client.receive()
        stopping.join()
        #expect(reply?.text == "ok")
        #expect(reply?.header("Connection")?.lowercased() == "close")
        #expect(handler.completed.withLock { $0.map(\.wasSentWhole) } == [true])
    }

    @Test func `listeners of events are let go`() throws {
        let handler = EchoHandler()
        let server = try HTTPServer(options: HTTPServerOptions(), handler: handler)
        let client = try RawClient(port: server.port)
        client.send("GET /events HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(client.readHead() != nil)
        #expect(server.stop() == 0)
        #expect(client.readChunk() == [])
    }

    @Test func `a client that sends its body too slowly is cut off`() throws {
        var options = HTTPServerOptions()
        options.slowBodyGrace = .milliseconds(100)
        let server = try HTTPServer(options: options, handler: EchoHandler())
        let client = try RawClient(port: server.port)
        client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc")
        #expect(client.isClosed())
    }

    @Test(arguments: ["", "GET / HT"]) func `a connection without a whole request is closed`(sent: String) throws {
        var options = HTTPServerOptions()
        options.idleTimeout = .milliseconds(100)
        let server = try HTTPServer(options: options, handler: EchoHandler())
        let client = try RawClient(port: server.port)
        client.send(sent)
        #expect(client.isClosed())
    }

    @Test func `a port that is taken is named`() throws {
        let first = try HTTPServer(options: HTTPServerOptions(), handler: EchoHandler())
        var options = HTTPServerOptions()
        options.port = first.port
        let error = #expect(throws: HTTPServerError.self) {
            try HTTPServer(options: options, handler: EchoHandler())
        }
        #expect(error?.message == "cannot listen on 127.0.0.1 port \(first.port): Address already in use")
        #expect(error?.hint == "another program has the port: choose one with --port, or 0 for any")
    }

    @Test func `a certificate that is none is refused`() throws {
        var options = HTTPServerOptions()
        options.tls = TLSCertificate(chain: "no", privateKey: "neither")
        #expect(throws: HTTPServerError.cannotStart(reason: "the certificate or its key was not accepted")) {
            try HTTPServer(options: options, handler: EchoHandler())
        }
        #expect("\(options)".contains("neither") == false)
    }

    @Test func `starting and stopping leaks no descriptor`() throws {
        func startAndStop() throws {
            let server = try HTTPServer(options: HTTPServerOptions(), handler: EchoHandler())
            _ = try RawClient(port: server.port).get("/")
            server.stop()
        }
        try startAndStop()
        let before = highestNewDescriptor()
        for _ in 0..<30 { try startAndStop() }
        // Other tests run beside this one and have connections of their own; 30 servers would hold over 100.
        #expect(highestNewDescriptor() < before + 60)
    }

    private func highestNewDescriptor() -> Int32 {
        let descriptor = dup(0)
        close(descriptor)
        return descriptor
    }
}
