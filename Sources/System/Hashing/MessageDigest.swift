import CCrypto

/// A hash function of libcrypto, over a stream of bytes.
struct MessageDigest: ~Copyable {
    private let context: OpaquePointer?
    private let byteCount: Int

    init(_ algorithm: Algorithm) {
        context = EVP_MD_CTX_new()
        byteCount = algorithm.byteCount
        let isReady = EVP_DigestInit_ex(context, algorithm.handle, nil) == 1
        precondition(isReady, "libcrypto has no \(algorithm.name)")
    }

    deinit { EVP_MD_CTX_free(context) }

    mutating func update(_ bytes: RawSpan) {
        let isDone = bytes.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) == 1 }
        precondition(isDone, "libcrypto failed to hash")
    }

    /// The digest of all bytes; nothing may follow.
    mutating func finish() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            let isDone = EVP_DigestFinal_ex(context, buffer.baseAddress, nil) == 1
            precondition(isDone, "libcrypto failed to hash")
            count = byteCount
        }
    }
}

extension MessageDigest {
    /// Looked up once: the look-up costs more than hashing a small file.
    ///
    /// Unchecked because the handle is immutable once fetched; libcrypto allows its use from all threads.
    struct Algorithm: @unchecked Sendable {
        let name: String
        let byteCount: Int
        let handle: OpaquePointer?

        init(name: String, byteCount: Int) {
            self.name = name
            self.byteCount = byteCount
            handle = EVP_MD_fetch(nil, name, nil)
        }

        static let sha256 = Algorithm(name: "SHA256", byteCount: 32)
        static let md5 = Algorithm(name: "MD5", byteCount: 16)
    }
}
