import Curl
import Diagnostics
import Files
import HTTP
import TestSupport
import Testing

/// Over a real connection to nghttpx, which speaks TLS and HTTP/2.
@Suite struct EncryptedConnectionTests {
    private func client(trusting proxy: EncryptingProxy?) throws -> HTTPClient {
        var options = HTTPClientOptions()
        options.certificateAuthorities = proxy?.authority.bytes
        return try HTTPClient(options: options)
    }

    @Test func `many requests share one connection of HTTP 2 where the server has it`() throws {
        let body = [UInt8](repeating: 7, count: 3_000_000)
        let server = try TestServer { request in TestServer.Response(body: request.body + body) }
        defer { server.stop() }
        let proxy = try EncryptingProxy(toPort: server.port)
        let client = try client(trusting: proxy)
        for number in 0..<5 as Range<UInt8> {
            let url = try HTTPURL(parsing: "\(proxy.origin)/\(number)")
            let reply = try client.send(HTTPRequest(.put, url, body: .bytes([number])))
            #expect(reply.status == .ok)
            #expect(reply.body == [number] + body)
        }
        #expect(try proxy.requestLines() == (0..<5).map { "PUT /\($0) HTTP/2" })
        #expect(try proxy.connectionCount() == 1)
    }

    @Test(arguments: [EncryptingProxy.Certificate.good, .expired, .otherHost])
    func `a server is not trusted whose certificate nobody vouches for, is too old, or is another's`(
        certificate: EncryptingProxy.Certificate
    ) throws {
        let server = try TestServer { _ in TestServer.Response(text: "secret") }
        defer { server.stop() }
        let proxy = try EncryptingProxy(toPort: server.port, certificate: certificate)
        let client = try client(trusting: certificate == .good ? nil : proxy)
        let request = HTTPRequest(.get, try HTTPURL(parsing: "\(proxy.origin)/?token=secret"))
        let error = #expect(throws: HTTPClientError.self) { try client.send(request) }
        let reason =
            switch certificate {
            case .good: "SSL certificate problem: self-signed certificate"
            case .expired: "SSL certificate problem: certificate has expired"
            case .otherHost: "SSL: no alternative certificate subject name matches target host name 'localhost'"
            }
        #expect(
            error?.description == """
                \(proxy.origin) is not trusted: \(reason)
                hint: if the server has a certificate of its own, name its CA file in the remote's options
                """)
        #expect(error?.isTransient == false)
        #expect(server.requests.isEmpty)
    }
}
