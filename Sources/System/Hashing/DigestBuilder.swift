/// XXH3 and SHA-256 of a stream in one pass, so that the bytes are read once.
///
/// A class, as all streams here and in Zstd are: closures that take pieces in must change it, and Swift 6.3.1 miscompiles
/// (in release builds) a variable of a type that cannot be copied which such a closure captures.
package final class DigestBuilder {
    private let xxh3 = XXH3()
    private let sha256 = SHA256()
    private var byteCount: UInt64 = 0

    package init() {}

    package func update(_ bytes: RawSpan) {
        xxh3.update(bytes)
        sha256.update(bytes)
        byteCount += UInt64(bytes.byteCount)
    }

    /// Both digests of all bytes; nothing may follow.
    package func finish() -> (xxh3: XXH3Digest, sha256: SHA256Digest, byteCount: UInt64) {
        (xxh3.digest(), sha256.finish(), byteCount)
    }
}
