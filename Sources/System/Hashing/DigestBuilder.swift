/// XXH3 and SHA-256 of a stream in one pass, so that the bytes are read once.
package struct DigestBuilder: ~Copyable {
    private var xxh3 = XXH3()
    private var sha256 = SHA256()
    private var byteCount: UInt64 = 0

    package init() {}

    package mutating func update(_ bytes: RawSpan) {
        xxh3.update(bytes)
        sha256.update(bytes)
        byteCount += UInt64(bytes.byteCount)
    }

    /// Both digests of all bytes; nothing may follow.
    package mutating func finish() -> (xxh3: XXH3Digest, sha256: SHA256Digest, byteCount: UInt64) {
        (xxh3.digest(), sha256.finish(), byteCount)
    }
}
