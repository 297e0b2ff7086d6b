import Curl
import Diagnostics
import HTTP
import TestSupport
import Testing

@Suite struct HTTPClientErrorTests {
    private func failure(
        _ fault: TestServer.Fault?, body: [UInt8] = [], timeout: Duration? = nil, maxReplyBytes: Int = 1 << 20
    ) throws -> (error: HTTPClientError?, origin: String) {
        let server = try TestServer { _ in TestServer.Response(body: body, fault: fault) }
        defer { server.stop() }
        let url = try HTTPURL(parsing: "\(server.origin)/secret?token=secret")
        let request = HTTPRequest(.get, url, maxReplyBytes: maxReplyBytes, timeout: timeout)
        let error = #expect(throws: HTTPClientError.self) { try HTTPClient().send(request) }
        return (error, server.origin)
    }

    @Test func `a connection that closes without a reply was lost`() throws {
        let (error, origin) = try failure(.noReply)
        #expect(
            error?.description == """
                the connection to \(origin) was lost: Server returned nothing (no headers, no data)
                hint: check the network, then try again
                """)
        #expect(error?.isTransient == true)
    }

    @Test func `a connection that is reset in the middle of a body was lost`() throws {
        let (error, origin) = try failure(.resetAfter(bodyBytes: 1000), body: [UInt8](repeating: 1, count: 100_000))
        #expect(error?.message.hasPrefix("the connection to \(origin) was lost: ") == true)
        #expect(error?.isTransient == true)
    }

    @Test func `what is not HTTP is a lost connection`() throws {
        let (error, origin) = try failure(.garbage)
        #expect(error?.message.hasPrefix("the connection to \(origin) was lost: ") == true)
    }

    @Test func `a server that hangs is given up after the timeout`() throws {
        let (error, origin) = try failure(.hang, timeout: .milliseconds(200))
        #expect(error?.description == "\(origin) did not answer in time\nhint: check the network, then try again")
        #expect(error?.kind == .unavailable)
    }

    @Test func `a reply that is longer than allowed is refused`() throws {
        let (error, origin) = try failure(nil, body: [UInt8](repeating: 1, count: 100_000), maxReplyBytes: 5000)
        #expect(
            error?.description == """
                \(origin) sent a reply of more than 5000 bytes
                hint: check that the URL names the right server
                """)
        #expect(error?.isTransient == false)
    }

    @Test func `a port where nobody listens is named`() throws {
        let request = try HTTPRequest(.get, HTTPURL(parsing: "http://127.0.0.1:1/"))
        let error = #expect(throws: HTTPClientError.self) { try HTTPClient().send(request) }
        #expect(
            error?.description == """
                http://127.0.0.1:1 cannot be reached: Couldn't connect to server
                hint: check the host, the port and the network
                """)
    }

    @Test func `a host that does not exist is named`() throws {
        let request = try HTTPRequest(.get, HTTPURL(parsing: "http://no-such-host.invalid/"), timeout: .seconds(20))
        let error = #expect(throws: HTTPClientError.self) { try HTTPClient().send(request) }
        #expect(
            error?.description == """
                host no-such-host.invalid is not known
                hint: check the spelling of the host, and the network's name server
                """)
    }

    @Test func `a certificate file that does not exist is named`() throws {
        var options = HTTPClientOptions()
        options.certificateAuthorities = Array("/no/such/ca.pem".utf8)
        let client = try HTTPClient(options: options)
        let server = try TestServer { _ in TestServer.Response() }
        defer { server.stop() }
        let request = try HTTPRequest(.get, HTTPURL(parsing: "https://127.0.0.1:\(server.port)/"))
        let error = #expect(throws: HTTPClientError.self) { try client.send(request) }
        #expect(
            error?.description == """
                certificate file /no/such/ca.pem cannot be used
                hint: name a file with certificates in PEM form
                """)
        #expect(error?.kind == .invalidInput)
    }

    @Test func `a server without TLS is told from one that is not trusted`() {
        let error = HTTPClientError.insecure(
            origin: "https://h", reason: "OpenSSL/3.0: error:0A00010B:SSL routines::wrong version number")
        #expect(error.hint == "the server does not speak TLS there: use http://, or another port")
    }
}
