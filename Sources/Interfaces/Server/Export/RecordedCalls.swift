import HTTP
import JSON
import MicroHTTPD

/// Answers of our own API, taken once, for a page that has no server behind it.
///
/// A call is kept under its path and its query in the order of names, both decoded; without what only says how much of
/// a thing is wanted at once, or in which order, since a copy has the whole. web/lib/exported.js asks by the same rule.
struct RecordedCalls {
    private let routes: RouteTable
    /// JSON, text, or base64 behind `base64:`.
    private(set) var answers: [String: String] = [:]
    private(set) var byteCount = 0

    static let ignoredNames: Set = ["columns", "from", "to", "limit", "offset", "groups", "runs"]
    /// Of some paths these, too.
    static let alsoIgnored: [String: Set<String>] = [
        "/table": ["column", "sort", "total"], "/sparklines": ["run", "metric"],
    ]
    /// Larger files are left out; so is what comes when all together are too large.
    private static let largestFile = 512 << 10
    private static let mostBytes = 200 << 20

    init(routes: [Route]) { self.routes = RouteTable(routes) }

    /// `path` below the API's base, as it stands in a URL. Nil where the server has nothing to say.
    @discardableResult
    mutating func record(_ path: String, _ query: [QueryItem] = []) throws -> JSONValue? {
        let key = Self.key(path, query)
        if let known = answers[key] { return try? JSONValue(parsing: Array(known.utf8)) }
        guard let (bytes, isJSON) = reply(path, query), byteCount + bytes.count <= Self.mostBytes,
            isJSON || bytes.count <= Self.largestFile
        else { return nil }
        keep(bytes, as: key)
        return isJSON ? try? JSONValue(parsing: bytes) : nil
    }

    /// What the server answers, without keeping it.
    func ask(_ path: String, _ query: [QueryItem]) -> JSONValue? {
        reply(path, query).flatMap { try? JSONValue(parsing: $0.bytes) }
    }

    /// An answer made of several of the server's.
    mutating func keep(_ answer: JSONValue, for path: String, _ query: [QueryItem]) {
        keep(Array(answer.text().utf8), as: Self.key(path, query))
    }

    /// What the page would be told is missing is missing in its copy, too.
    private func reply(_ path: String, _ query: [QueryItem]) -> (bytes: [UInt8], isJSON: Bool)? {
        guard case .found(let route, let captures) = routes.match(.get, path: NativeAPI.base + path),
            case .respond(_, _, let respond) = route.action
        else { return nil }
        let head = RequestHead(
            method: .get, path: NativeAPI.base + path, query: QueryItem.encode(query), headers: [:], peer: "127.0.0.1")
        let request = Request(
            head: head, captures: captures, query: query, caller: Caller(name: nil, role: .read), body: [])
        guard let reply = try? respond(request), reply.status == .ok, case .bytes(let bytes) = reply.body else {
            return nil
        }
        return (bytes, reply.headers["Content-Type"]?.hasPrefix("application/json") == true)
    }

    private mutating func keep(_ bytes: [UInt8], as key: String) {
        byteCount += bytes.count
        if let text = String(validating: bytes, as: UTF8.self), !text.hasPrefix("base64:") {
            answers[key] = text
        } else {
            answers[key] = "base64:" + Base64.encode(bytes)
        }
    }

    static func key(_ path: String, _ query: [QueryItem]) -> String {
        let ignored = ignoredNames.union(alsoIgnored[path] ?? [])
        let kept = query.filter { !ignored.contains($0.name) && !$0.value.isEmpty }
        let sorted = kept.enumerated().sorted { ($0.element.name, $0.offset) < ($1.element.name, $1.offset) }
        let plain = PercentEncoding.decode(path).map { String(decoding: $0, as: UTF8.self) } ?? path
        return ([plain] + sorted.map { "\($0.element.name)=\($0.element.value)" }).joined(separator: "\n")
    }
}
