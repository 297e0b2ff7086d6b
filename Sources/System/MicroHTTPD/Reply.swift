package import HTTP

/// What is sent back.
package struct Reply: Sendable {
    package var status: HTTPStatus
    package var headers: HTTPHeaders
    package var body: ReplyBody

    package init(_ status: HTTPStatus, headers: HTTPHeaders = HTTPHeaders(), body: ReplyBody = .none) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package static func text(_ text: String, status: HTTPStatus = .ok) -> Reply {
        Reply(status, headers: ["Content-Type": "text/plain; charset=utf-8"], body: .bytes(Array(text.utf8)))
    }
}

package enum ReplyBody: Sendable {
    case none
    case bytes([UInt8])
    /// Read piece by piece while it is sent; `sizeBytes` nil if it is not known before the end.
    case source(any ReplySource, sizeBytes: UInt64?)
    case events(EventStream)
}

/// Gives a body piece by piece. Called on an event thread, one call after the other; dropped when it is sent or the
/// client has gone.
package protocol ReplySource: AnyObject, Sendable {
    /// Fills the start of `buffer` and says how many bytes; 0 at the end. An error cuts the connection, since the
    /// status has been sent already.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}
