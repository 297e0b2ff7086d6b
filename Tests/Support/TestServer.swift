import Glibc
package import HTTP
import Synchronization
import Threads

/// An HTTP/1.1 server on a loopback port of its own, for tests of clients: what it answers is a function of the
/// request, and it misbehaves on request.
package final class TestServer: Sendable {
    package struct Request: Sendable {
        package let method: String
        /// As it stood in the request line.
        package let target: String
        package let headers: HTTPHeaders
        package let body: [UInt8]

        /// The target's path, decoded.
        package var path: String {
            String(decoding: PercentEncoding.decode(target.prefix { $0 != "?" }) ?? [], as: UTF8.self)
        }

        /// The value of `name` in the target's query.
        package func query(_ name: String) -> String? {
            let text = target.drop { $0 != "?" }.dropFirst()
            return QueryItem.parse(String(text))?.first { $0.name == name }?.value
        }
    }

    package struct Response: Sendable {
        package var status: HTTPStatus
        package var headers: HTTPHeaders
        package var body: [UInt8]
        package var fault: Fault?

        package init(
            _ status: HTTPStatus = .ok, headers: HTTPHeaders = [:], body: [UInt8] = [], fault: Fault? = nil
        ) {
            self.status = status
            self.headers = headers
            self.body = body
            self.fault = fault
        }

        package init(_ status: HTTPStatus = .ok, headers: HTTPHeaders = [:], text: String, fault: Fault? = nil) {
            self.init(status, headers: headers, body: Array(text.utf8), fault: fault)
        }
    }

    /// What a network, or a bad server, does to a reply.
    package enum Fault: Sendable {
        /// The connection closes without a byte.
        case noReply
        /// The connection is reset when that much of the body was sent.
        case resetAfter(bodyBytes: Int)
        /// Nothing is sent until the server stops.
        case hang
        /// Something that is not HTTP.
        case garbage
    }

    package let port: UInt16
    private let listener: Int32
    private let handler: @Sendable (Request) -> Response
    private let state = Guarded(State())

    private struct State: Sendable {
        var isStopping = false
        var requests: [Request] = []
        var connections: Set<Int32> = []
        var connectionCount = 0
    }

    package init(_ handler: @escaping @Sendable (Request) -> Response) throws {
        self.handler = handler
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | 0o2_000_000, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutableBytes(of: &address) { bytes in
            let pointer = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress
            return bind(listener, pointer, length) == 0 && listen(listener, 128) == 0
                && getsockname(listener, pointer, &length) == 0
        }
        guard isBound else { throw TestServerError(description: "cannot listen on a loopback port") }
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        _ = Thread.start(name: "test server") { [self] in accept() }
    }

    /// `http://127.0.0.1:PORT`
    package var origin: String { "http://127.0.0.1:\(port)" }

    /// All requests so far, in the order in which they were complete.
    package var requests: [Request] { state.withLock { $0.requests } }

    package var connectionCount: Int { state.withLock { $0.connectionCount } }

    /// Closes all connections. A server runs until then.
    package func stop() {
        state.withLock { state in
            state.isStopping = true
            for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
        }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func accept() {
        while true {
            let connection = Glibc.accept(listener, nil, nil)
            if connection < 0 { break }
            let isWelcome = state.withLock { state in
                state.connections.insert(connection)
                state.connectionCount += 1
                return !state.isStopping
            }
            if !isWelcome { break }
            _ = Thread.start(name: "connection") { [self] in
                serve(connection)
                state.withLock { _ = $0.connections.remove(connection) }
                close(connection)
            }
        }
        close(listener)
    }

    private func serve(_ connection: Int32) {
        var on: Int32 = 1
        setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        var reader = RequestReader(connection: connection)
        while let request = reader.next() {
            let response = handler(request)
            state.withLock { $0.requests.append(request) }
            guard send(response, to: request, on: connection) else { return }
        }
    }

    /// Whether the connection can go on.
    private func send(_ response: Response, to request: Request, on connection: Int32) -> Bool {
        var head = "HTTP/1.1 \(response.status)\r\n"
        for field in response.headers.fields { head += "\(field.name): \(field.value)\r\n" }
        if response.headers["Content-Length"] == nil { head += "Content-Length: \(response.body.count)\r\n" }
        head += "\r\n"
        let body = request.method == "HEAD" ? [] : response.body
        switch response.fault {
        case nil: return write(Array(head.utf8) + body, to: connection)
        case .noReply: return false
        case .resetAfter(let count):
            _ = write(Array(head.utf8) + body.prefix(count), to: connection)
            var lingering = linger(l_onoff: 1, l_linger: 0)
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &lingering, socklen_t(MemoryLayout<linger>.size))
            return false
        case .hang:
            state.wait { $0.isStopping ? true : nil }
            return false
        case .garbage:
            _ = write(Array("\u{1}\u{2}\u{3} not HTTP\r\n\r\n".utf8), to: connection)
            return false
        }
    }

    private func write(_ bytes: [UInt8], to connection: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    connection, $0.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }
}

/// Reads one request after the other from a connection.
private struct RequestReader {
    let connection: Int32
    private var buffer: [UInt8] = []

    init(connection: Int32) { self.connection = connection }

    mutating func next() -> TestServer.Request? {
        let end = Array("\r\n\r\n".utf8)
        var headEnd = buffer.firstRange(of: end)
        while headEnd == nil {
            guard readMore() else { return nil }
            headEnd = buffer.firstRange(of: end)
        }
        guard let headEnd else { return nil }
        let lines = String(decoding: buffer[..<headEnd.lowerBound], as: UTF8.self).split(separator: "\r\n")
        buffer.removeFirst(headEnd.upperBound)
        var headers = HTTPHeaders()
        for line in lines.dropFirst() { headers.append(line: String(line)) }
        let count = headers["Content-Length"].flatMap { Int($0) } ?? 0
        while buffer.count < count { guard readMore() else { return nil } }
        let body = Array(buffer.prefix(count))
        buffer.removeFirst(count)
        let words = (lines.first ?? "").split(separator: " ")
        guard words.count == 3 else { return nil }
        return TestServer.Request(method: String(words[0]), target: String(words[1]), headers: headers, body: body)
    }

    private mutating func readMore() -> Bool {
        let start = buffer.count
        let room = 256 << 10
        var count = 0
        buffer.append(
            contentsOf: [UInt8](unsafeUninitializedCapacity: room) { target, used in
                count = recv(connection, target.baseAddress, room, 0)
                used = max(0, count)
            })
        return buffer.count > start
    }
}

package struct TestServerError: Error, CustomStringConvertible {
    package let description: String
}
