import HTTP
import MicroHTTPD

/// A request as a handler sees it: matched, allowed, its body read.
struct Request: Sendable {
    let head: RequestHead
    /// What the pattern's `{names}` stand for, decoded once.
    let captures: [String: String]
    let query: [QueryItem]
    let caller: Caller
    let body: [UInt8]

    func capture(_ name: String) -> String { captures[name] ?? "" }

    /// The first value of a query parameter.
    func queryValue(_ name: String) -> String? { query.first { $0.name == name }?.value }
}
