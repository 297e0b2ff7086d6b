import HTTP
import JSON
import MicroHTTPD

/// Answers of our own API, taken once, for a page that has no server behind it.
///
/// A call is kept under its path and its query in the order of names, both decoded; without what only says how much of
/// a thing is wanted at once, since a copy has the whole. web/lib/exported.js asks by the same rule.
struct RecordedCalls {
    private let routes: RouteTable
    /// JSON, text, or base64 behind `base64:`.
    private(set) var answers: [String: String] = [:]
    private(set) var byteCount = 0

    static let ignoredNames: Set = ["columns", "from", "to", "limit", "offset"]
    /// Larger files are left out; so is what comes when all together are too large.
    private static let largestFile = 512 << 10
    private static let mostBytes = 200 << 20

    init(routes: [Route]) { self.routes = RouteTable(routes) }

    /// `path` below the API's base, as it stands in a URL. Nil where the server has nothing to say.
    @discardableResult
    mutating func record(_ path: String, _ query: [QueryItem] = []) throws -> JSONValue? {
        let key = Self.key(path, query)
        if answers[key] != nil { return nil }
        guard case .found(let route, let captures) = routes.match(.get, path: NativeAPI.base + path),
            case .respond(_, _, let respond) = route.action
        else { return nil }
        let head = RequestHead(
            method: .get, path: NativeAPI.base + path, query: QueryItem.encode(query), headers: [:], peer: "127.0.0.1")
        let request = Request(
            head: head, captures: captures, query: query, caller: Caller(name: nil, role: .read), body: [])
        // What the page would be told is missing is missing in its copy, too.
        guard let reply = try? respond(request), reply.status == .ok, case .bytes(let bytes) = reply.body,
            byteCount + bytes.count <= Self.mostBytes
        else { return nil }
        let isJSON = reply.headers["Content-Type"]?.hasPrefix("application/json") == true
        if !isJSON, bytes.count > Self.largestFile { return nil }
        byteCount += bytes.count
        if let text = String(validating: bytes, as: UTF8.self), !text.hasPrefix("base64:") {
            answers[key] = text
        } else {
            answers[key] = "base64:" + Base64.encode(bytes)
        }
        return isJSON ? try? JSONValue(parsing: bytes) : nil
    }

    static func key(_ path: String, _ query: [QueryItem]) -> String {
        let kept = query.filter { !ignoredNames.contains($0.name) && !$0.value.isEmpty }
        let sorted = kept.enumerated().sorted { ($0.element.name, $0.offset) < ($1.element.name, $1.offset) }
        let plain = PercentEncoding.decode(path).map { String(decoding: $0, as: UTF8.self) } ?? path
        return ([plain] + sorted.map { "\($0.element.name)=\($0.element.value)" }).joined(separator: "\n")
    }
}
