/// An absolute `http` or `https` URL, in parts; what it holds can be written on the wire as it is.
///
/// User and password in a URL are refused: a URL is printed and logged. A fragment is dropped, since it is never sent.
package struct HTTPURL: Hashable, Sendable, CustomStringConvertible {
    package enum Scheme: String, Sendable, Hashable {
        case http
        case https

        package var defaultPort: Int { self == .http ? 80 : 443 }
    }

    package var scheme: Scheme
    /// In lower case; an IPv6 address in brackets.
    package var host: String
    /// Nil for the scheme's own.
    package var port: Int?
    /// Percent-encoded; starts with a slash.
    package var encodedPath: String
    /// Percent-encoded, without its `?`; nil for none.
    package var encodedQuery: String?

    package init(scheme: Scheme, host: String, port: Int? = nil, encodedPath: String = "/", encodedQuery: String? = nil)
    {
        self.scheme = scheme
        self.host = host
        self.port = port == scheme.defaultPort ? nil : port
        self.encodedPath = encodedPath.utf8.first == UInt8(ascii: "/") ? encodedPath : "/" + encodedPath
        self.encodedQuery = encodedQuery
    }

    package init(parsing text: String) throws(HTTPURLError) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw .invalidCharacter(text) }
        let bytes = Array(text.utf8)
        guard let mark = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[(mark + 1)...].starts(with: "//".utf8) else {
            throw .noScheme(text)
        }
        let name = String(decoding: bytes[..<mark], as: UTF8.self)
        guard let scheme = Scheme(rawValue: name.lowercased()) else { throw .unknownScheme(name) }
        let rest = bytes[(mark + 3)...].prefix { $0 != UInt8(ascii: "#") }
        let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        if authority.contains(UInt8(ascii: "@")) { throw .hasCredentials }
        let (host, port) = try Self.parseAuthority(String(decoding: authority, as: UTF8.self), in: text)
        let target = rest[authority.endIndex...]
        let path = target.prefix { $0 != UInt8(ascii: "?") }
        let query = target[path.endIndex...].dropFirst()
        let hasQuery = path.endIndex < target.endIndex
        self.init(
            scheme: scheme, host: host, port: port, encodedPath: String(decoding: path, as: UTF8.self),
            encodedQuery: hasQuery ? String(decoding: query, as: UTF8.self) : nil)
    }

    /// As a `Host` header has it: the port only where it is not the scheme's own.
    package var authority: String { port.map { "\(host):\($0)" } ?? host }

    /// The scheme and the authority: what a browser calls an origin.
    package var origin: String { "\(scheme)://\(authority)" }

    /// What a request line asks for: path and query.
    package var target: String { encodedPath + (encodedQuery.map { "?\($0)" } ?? "") }

    package var description: String { origin + target }

    /// This URL with `path`, which is raw bytes, below its own path.
    package func appending(path: some Sequence<UInt8>) -> HTTPURL {
        var result = self
        if result.encodedPath.utf8.last != UInt8(ascii: "/") { result.encodedPath += "/" }
        result.encodedPath += PercentEncoding.path.encode(path)
        return result
    }

    private static func parseAuthority(_ authority: String, in text: String) throws(HTTPURLError) -> (String, Int?) {
        let bytes = Array(authority.utf8)
        let afterHost: Int
        if bytes.first == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { throw .invalidHost(authority) }
            afterHost = close + 1
        } else {
            afterHost = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.count
        }
        let host = String(decoding: bytes[..<afterHost], as: UTF8.self).lowercased()
        if host.isEmpty { throw .noHost(text) }
        guard isHost(host) else { throw .invalidHost(host) }
        let rest = bytes[afterHost...]
        if rest.isEmpty { return (host, nil) }
        let digits = String(decoding: rest.dropFirst(), as: UTF8.self)
        guard rest.first == UInt8(ascii: ":"), digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let port = Int(digits), (1...65535).contains(port)
        else { throw .invalidPort(digits) }
        return (host, port)
    }

    /// A name or IPv4 address, or an IPv6 address in brackets.
    private static func isHost(_ host: String) -> Bool {
        if host.hasPrefix("[") {
            return host.hasSuffix("]") && host.utf8.count > 3
                && host.utf8.dropFirst().dropLast().allSatisfy { "0123456789abcdef:.".utf8.contains($0) }
        }
        return host.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789-._".utf8.contains($0) }
    }
}

/// Why a text is not a URL that can be asked. Facts only: who read the text says where it stood.
package enum HTTPURLError: Error, Equatable, CustomStringConvertible {
    case invalidCharacter(String)
    case noScheme(String)
    case unknownScheme(String)
    case noHost(String)
    case invalidHost(String)
    case invalidPort(String)
    /// Carries nothing: the text holds a secret.
    case hasCredentials

    package var description: String {
        switch self {
        case .invalidCharacter(let text): "URL `\(text)` holds a space or another character that must be escaped"
        case .noScheme(let text): "URL `\(text)` does not start with http:// or https://"
        case .unknownScheme(let scheme): "URL scheme `\(scheme)` is neither http nor https"
        case .noHost(let text): "URL `\(text)` names no host"
        case .invalidHost(let host): "URL host `\(host)` is not a host name"
        case .invalidPort(let port): "URL port `\(port)` is not a number from 1 to 65535"
        case .hasCredentials: "a URL holds a user or password"
        }
    }
}
