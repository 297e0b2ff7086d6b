import CXXHash

/// XXH3-128 of a stream of bytes, by the widest registers of this machine.
package final class XXH3 {
    private let state: OpaquePointer?

    package init() {
        state = XXH3_createState()
        precondition(state != nil, "out of memory")
        XXH3_128bits_reset(state)
    }

    deinit { XXH3_freeState(state) }

    /// Of bytes that are in memory already.
    package static func hash(_ bytes: RawSpan) -> XXH3Digest {
        bytes.withUnsafeBytes { XXH3Digest(wide_xxh3_128($0.baseAddress, $0.count)) }
    }

    package static func hash(_ bytes: [UInt8]) -> XXH3Digest { hash(bytes.span.bytes) }

    package func update(_ bytes: RawSpan) {
        bytes.withUnsafeBytes { wide_xxh3_128_update(state, $0.baseAddress, $0.count) }
    }

    /// Of all bytes so far; more may follow.
    package func digest() -> XXH3Digest { XXH3Digest(XXH3_128bits_digest(state)) }
}

extension XXH3Digest {
    fileprivate init(_ hash: XXH128_hash_t) { self.init(high: hash.high64, low: hash.low64) }
}
