/// What a request asks to be done with a resource (RFC 9110, section 9). Methods that Repro neither sends nor answers
/// have no case: a server that meets one replies `.notImplemented`.
package enum HTTPMethod: String, Sendable, Hashable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"

    /// Whether doing it twice is the same as doing it once, so that a lost reply may be answered by asking again.
    package var isIdempotent: Bool {
        switch self {
        case .get, .head, .put, .delete, .options: true
        case .post, .patch: false
        }
    }
}
