import FoundationEssentials

/// SHA-256 of a stream of bytes.
package final class SHA256 {
    private var message = MessageDigest(.sha256)

    package init() {}

    package static func hash(_ bytes: RawSpan) -> SHA256Digest {
        let hash = SHA256()
        hash.update(bytes)
        return hash.finish()
    }

    package static func hash(_ bytes: [UInt8]) -> SHA256Digest { hash(bytes.span.bytes) }

    /// As a page names a script or a style that it trusts: `sha256-…`, in base64.
    package static func integrity(of text: String) -> String {
        "sha256-" + Data(hash(Array(text.utf8)).bytes).base64EncodedString()
    }

    package func update(_ bytes: RawSpan) { message.update(bytes) }

    package func update(_ bytes: [UInt8]) { message.update(bytes.span.bytes) }

    /// The digest of all bytes; nothing may follow.
    package func finish() -> SHA256Digest { SHA256Digest(finished: message.finish()) }
}
