import HTTP
import MicroHTTPD

/// Decides who may do what: the only place that does, on the route as matched, denied unless something allows it.
struct AccessPolicy: Sendable {
    let tokens: TokenTable
    let sessions: SessionTable
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

    /// `route` is the matched one; nil if none matched.
    func decide(_ head: RequestHead, route: Route?) -> Decision {
        let isOurs = route?.dialect == .native
        if route?.access == .open {
            // Who logs in may be anyone, but must not be made to by another site's page.
            if head.isChange {
                if !isOurHost(head.headers["Host"]) { return .deny(.foreignHost) }
                if !isSameOrigin(head, whenAbsent: true) { return .deny(.foreignOrigin) }
            }
            return .allow(Caller(name: nil, role: .read))
        }
        if !isOurHost(head.headers["Host"]) { return .deny(.foreignHost) }
        if isForeignOrigin(head) { return .deny(.foreignOrigin) }
        // Our own API starts programs: not even another server's page on this machine may ask it for that.
        if isOurs, head.isChange, !isSameOrigin(head, whenAbsent: true) { return .deny(.foreignOrigin) }
        guard let caller = caller(head, isOurs: isOurs) else { return .deny(.unknownCaller) }
        // Without a route there is nothing to do: whoever is known may be told so.
        guard let access = route?.access else { return .allow(caller) }
        if case .needs(let role) = access, caller.role < role { return .deny(.roleTooLow) }
        return .allow(caller)
    }

    /// A browser sends a cookie by itself, whoever's page asks: it counts for our own API only, and for a change only
    /// if the browser says that the page that asks is ours.
    private func caller(_ head: RequestHead, isOurs: Bool) -> Caller? {
        if tokens.isEmpty { return .owner }
        if let caller = tokens.caller(authorization: head.headers["Authorization"]) { return caller }
        guard isOurs, head.isChange == false || isSameOrigin(head, whenAbsent: false) else { return nil }
        return sessions.caller(cookies: head.headers["Cookie"])
    }

    /// Whether the page that asks came from the very host and port that it asks.
    private func isSameOrigin(_ head: RequestHead, whenAbsent standard: Bool) -> Bool {
        guard let origin = head.headers["Origin"] else { return standard }
        guard let host = head.headers["Host"] else { return false }
        return ["http://\(host)", "https://\(host)"].contains { $0.lowercased() == origin.lowercased() }
    }

    /// An address cannot be rebound to another by a name server, a name can.
    private func isOurHost(_ header: String?) -> Bool {
        guard let header, let host = hostName(header) else { return false }
        return Self.isLoopbackName(host) || isAddress(host) || hostNames.contains(host)
    }

    static func isLoopbackName(_ host: String) -> Bool {
        host == "localhost" || host.hasSuffix(".localhost") || host == "127.0.0.1" || host == "[::1]"
    }

    /// Whether a browser says that a page of another site asks for a change.
    private func isForeignOrigin(_ head: RequestHead) -> Bool {
        guard head.isChange, let origin = head.headers["Origin"] else { return false }
        guard let url = try? HTTPURL(parsing: origin), url.encodedPath == "/" else { return true }
        let host = url.host
        if Self.isLoopbackName(host) || hostNames.contains(host) { return false }
        return !(isAddress(host) && head.headers["Host"].flatMap(hostName) == host)
    }
}

extension RequestHead {
    /// Whether it asks for more than an answer.
    fileprivate var isChange: Bool { method != .get && method != .head }
}

/// The name without the port, in lower case; nil if it is neither a name nor an address.
private func hostName(_ header: String) -> String? {
    try? HTTPURL(parsing: "http://\(header)/").host
}

private func isAddress(_ host: String) -> Bool {
    if host.hasPrefix("[") { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.allSatisfy { $0.utf8.allSatisfy { (48...57).contains($0) } && UInt8($0) != nil }
}
