/// MD5 of a stream of bytes. Exists only to read what DVC wrote: never trust it.
package final class MD5 {
    private var message = MessageDigest(.md5)

    package init() {}

    package static func hash(_ bytes: [UInt8]) -> MD5Digest {
        let hash = MD5()
        hash.update(bytes.span.bytes)
        return hash.finish()
    }

    package func update(_ bytes: RawSpan) { message.update(bytes) }

    /// The digest of all bytes; nothing may follow.
    package func finish() -> MD5Digest { MD5Digest(finished: message.finish()) }
}
