/// MD5 of a stream of bytes. Exists only to read what DVC wrote: never trust it.
package struct MD5: ~Copyable {
    private var message = MessageDigest(.md5)

    package init() {}

    package static func hash(_ bytes: [UInt8]) -> MD5Digest {
        var hash = MD5()
        hash.update(bytes.span.bytes)
        return hash.finish()
    }

    package mutating func update(_ bytes: RawSpan) { message.update(bytes) }

    /// The digest of all bytes; nothing may follow.
    package mutating func finish() -> MD5Digest { MD5Digest(finished: message.finish()) }
}
