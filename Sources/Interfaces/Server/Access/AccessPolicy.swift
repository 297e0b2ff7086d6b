import HTTP
import MicroHTTPD

/// Decides who may do what: the only place that does, on the route as matched, denied unless something allows it.
struct AccessPolicy: Sendable {
    let tokens: TokenTable
    /// Host names that reach this server, besides `localhost` and addresses.
    let hostNames: Set<String>

    enum Denial: Equatable {
        /// A page of another site may have been given our address by its name server.
        case foreignHost
        /// A page of another site sends it.
        case foreignOrigin
        /// No token, or an unknown one.
        case unknownCaller
        case roleTooLow
    }

    enum Decision: Equatable {
        case allow(Caller)
        case deny(Denial)
    }

    /// `access` is that of the matched route; nil if none matched.
    func decide(_ head: RequestHead, access: Access?) -> Decision {
        if access == .open { return .allow(Caller(name: nil, role: .read)) }
        if !isOurHost(head.headers["Host"]) { return .deny(.foreignHost) }
        if isForeignOrigin(head) { return .deny(.foreignOrigin) }
        guard let caller = tokens.isEmpty ? .owner : tokens.caller(authorization: head.headers["Authorization"]) else {
            return .deny(.unknownCaller)
        }
        // Without a route there is nothing to do: whoever is known may be told so.
        guard let access else { return .allow(caller) }
        if case .needs(let role) = access, caller.role < role { return .deny(.roleTooLow) }
        return .allow(caller)
    }

    /// An address cannot be rebound to another by a name server, a name can.
    private func isOurHost(_ header: String?) -> Bool {
        guard let header, let host = hostName(header) else { return false }
        return isLoopbackName(host) || isAddress(host) || hostNames.contains(host)
    }

    /// Whether a browser says that a page of another site asks for a change.
    private func isForeignOrigin(_ head: RequestHead) -> Bool {
        guard head.method != .get, head.method != .head, let origin = head.headers["Origin"] else { return false }
        guard let url = try? HTTPURL(parsing: origin), url.encodedPath == "/" else { return true }
        let host = url.host
        if isLoopbackName(host) || hostNames.contains(host) { return false }
        return !(isAddress(host) && head.headers["Host"].flatMap(hostName) == host)
    }
}

/// The name without the port, in lower case; nil if it is neither a name nor an address.
private func hostName(_ header: String) -> String? {
    try? HTTPURL(parsing: "http://\(header)/").host
}

private func isLoopbackName(_ host: String) -> Bool {
    host == "localhost" || host.hasSuffix(".localhost") || host == "127.0.0.1" || host == "[::1]"
}

private func isAddress(_ host: String) -> Bool {
    if host.hasPrefix("[") { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.allSatisfy { $0.utf8.allSatisfy { (48...57).contains($0) } && UInt8($0) != nil }
}
