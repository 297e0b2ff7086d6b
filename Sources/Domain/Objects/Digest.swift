package import Hashing

/// The name of an object: XXH3-128 of its content.
package struct ObjectID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let hash: XXH3Digest

    package init(_ hash: XXH3Digest) { self.hash = hash }

    /// From 32 hexadecimal digits; nil for anything else.
    package init?(hex: String) {
        guard let hash = XXH3Digest(hex: hex) else { return nil }
        self.hash = hash
    }

    package static func < (a: ObjectID, b: ObjectID) -> Bool { a.hash < b.hash }

    /// 32 lower-case hexadecimal digits.
    package var description: String { hash.description }
}

/// All that pins some bytes down: their object id, their SHA-256 and their count.
///
/// The id finds them fast; the SHA-256 is what is believed when they come from somewhere else.
package struct Digest: Hashable, Sendable {
    package let id: ObjectID
    package let sha256: SHA256Digest
    package let sizeBytes: UInt64

    package init(id: ObjectID, sha256: SHA256Digest, sizeBytes: UInt64) {
        self.id = id
        self.sha256 = sha256
        self.sizeBytes = sizeBytes
    }

    /// Of bytes in memory.
    package init(of bytes: [UInt8]) {
        self.init(
            id: ObjectID(XXH3.hash(bytes)), sha256: SHA256.hash(bytes), sizeBytes: UInt64(bytes.count))
    }

    /// Of a stream that was hashed.
    package init(_ digests: (xxh3: XXH3Digest, sha256: SHA256Digest, byteCount: UInt64)) {
        self.init(id: ObjectID(digests.xxh3), sha256: digests.sha256, sizeBytes: digests.byteCount)
    }
}
