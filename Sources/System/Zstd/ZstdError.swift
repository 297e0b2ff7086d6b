package import Diagnostics

/// Compressed bytes that cannot be what they claim. Whoever knows where they came from says so.
package enum ZstdError: UserFacingError, Equatable {
    /// In the library's words.
    case damaged(String)
    case truncated
    /// More bytes than there should be came out: damaged, or made to fill the memory.
    case tooLarge(limitBytes: UInt64)

    package var kind: ErrorKind { .corrupt }

    package var message: String {
        switch self {
        case .damaged(let text): "compressed data is damaged (\(text.lowercased()))"
        case .truncated: "compressed data ends too early"
        case .tooLarge(let limit): "compressed data holds more than the \(limit) bytes it should"
        }
    }
}
