import HTTP

/// All routes. A path is cut at its slashes and each segment decoded, once; what matches then is the route, and no
/// later step looks at the path again.
struct RouteTable: Sendable {
    enum Match: Sendable {
        case found(Route, captures: [String: String])
        /// The path exists with other methods.
        case otherMethods([HTTPMethod])
        case nothing
        /// A broken escape, or one that stands for what is not UTF-8.
        case malformed
    }

    let routes: [Route]
    /// Routes without names in them, by their segments.
    private var literal: [[String]: [Route]] = [:]
    private var others: [Route] = []

    init(_ routes: [Route]) {
        self.routes = routes
        for route in routes {
            let names = route.pattern.segments.compactMap { segment in
                if case .literal(let text) = segment { text } else { nil }
            }
            if names.count == route.pattern.segments.count {
                literal[names, default: []].append(route)
            } else {
                others.append(route)
            }
        }
    }

    func match(_ method: HTTPMethod, path: String) -> Match {
        guard let segments = Self.segments(of: path) else { return .malformed }
        var methods: [HTTPMethod] = []
        for route in literal[segments] ?? [] {
            if route.method == method || (method == .head && route.method == .get) {
                return .found(route, captures: [:])
            }
            methods.append(route.method)
        }
        for route in others {
            guard let captures = route.pattern.match(segments) else { continue }
            if route.method == method || (method == .head && route.method == .get) {
                return .found(route, captures: captures)
            }
            methods.append(route.method)
        }
        return methods.isEmpty ? .nothing : .otherMethods(methods)
    }

    /// Nil if a segment cannot be decoded. Of several slashes at the start one counts: an address with a slash at its end
    /// was put before the path.
    private static func segments(of path: String) -> [String]? {
        guard path.hasPrefix("/") else { return nil }
        let path = path.drop { $0 == "/" }
        if path.isEmpty { return [] }
        var segments: [String] = []
        for part in path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let text = decodedOnce(Substring(part)) else { return nil }
            segments.append(text)
        }
        return segments
    }

    private static func decodedOnce(_ part: Substring) -> String? {
        if !part.utf8.contains(UInt8(ascii: "%")) { return String(part) }
        return PercentEncoding.decode(part).flatMap { String(validating: $0, as: UTF8.self) }
    }
}
