import Glibc

/// A client that writes what it is told to, right or wrong, and reads what comes back.
package final class RawClient {
    private let descriptor: Int32
    private var pending: [UInt8] = []

    package init(port: UInt16, timeoutSeconds: Int = 10) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if code != 0 { throw Refused() }
        var limit = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    package struct Refused: Error {}

    deinit { close(descriptor) }

    package func send(_ text: String) { send(Array(text.utf8)) }

    package func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }

    package func get(_ path: String, headers: String = "") -> RawReply? {
        send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\(headers)\r\n")
        return receive()
    }

    package func request(
        _ method: String, _ path: String, headers: [String] = [], body: [UInt8] = []
    ) -> RawReply? {
        let fields = ["Host: localhost", "Content-Length: \(body.count)"].filter { field in
            !headers.contains { $0.hasPrefix(field.prefix { $0 != ":" } + ":") }
        }
        send("\(method) \(path) HTTP/1.1\r\n" + (fields + headers).map { $0 + "\r\n" }.joined() + "\r\n")
        send(body)
        return receive()
    }

    /// A whole reply; nil if the connection ended before one came.
    package func receive() -> RawReply? {
        guard let head = readHead() else { return nil }
        let lines = head.split(separator: "\r\n").map(String.init)
        let status = lines.first.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) }
        guard let status else { return nil }
        var reply = RawReply(status: status, headers: Array(lines.dropFirst()), body: [])
        if let count = reply.header("Content-Length").flatMap({ Int($0) }) {
            while pending.count < count { if !fill() { return nil } }
            reply.body = Array(pending.prefix(count))
            pending.removeFirst(count)
        } else if reply.header("Transfer-Encoding") == "chunked" {
            while let chunk = readChunk(), !chunk.isEmpty { reply.body += chunk }
        }
        return reply
    }

    /// The head of a reply whose body goes on and on.
    package func readHead() -> String? {
        while true {
            if let end = position(of: "\r\n\r\n") {
                defer { pending.removeFirst(end + 4) }
                return String(decoding: pending[..<end], as: UTF8.self)
            }
            if !fill() { return nil }
        }
    }

    package func readChunk() -> [UInt8]? {
        guard let line = readLine(), let count = Int(line, radix: 16) else { return nil }
        while pending.count < count + 2 { if !fill() { return nil } }
        defer { pending.removeFirst(count + 2) }
        return Array(pending.prefix(count))
    }

    /// Whether the other side has closed the connection; waits for it.
    package func isClosed() -> Bool {
        while fill() {}
        return errno != EAGAIN
    }

    private func readLine() -> String? {
        while true {
            if let end = position(of: "\r\n") {
                defer { pending.removeFirst(end + 2) }
                return String(decoding: pending[..<end], as: UTF8.self)
            }
            if !fill() { return nil }
        }
    }

    private func position(of mark: String) -> Int? {
        let mark = Array(mark.utf8)
        guard pending.count >= mark.count else { return nil }
        return (0...(pending.count - mark.count)).first { pending[$0..<$0 + mark.count].elementsEqual(mark) }
    }

    private func fill() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65536)
        errno = 0
        let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
        if count <= 0 { return false }
        pending += buffer[..<count]
        return true
    }
}

package struct RawReply {
    package var status: Int
    package var headers: [String]
    package var body: [UInt8]

    package var text: String { String(decoding: body, as: UTF8.self) }

    package func header(_ name: String) -> String? {
        let start = name.lowercased() + ":"
        guard let line = headers.first(where: { $0.lowercased().hasPrefix(start) }) else { return nil }
        return String(line.dropFirst(start.count).drop { $0 == " " })
    }
}
