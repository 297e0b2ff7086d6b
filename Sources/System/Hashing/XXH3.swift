import CXXHash

/// XXH3-128 of a stream of bytes.
///
/// The static library has the SSE2 code only (25 GB/s; the dispatching functions are in the shared one, which costs
/// start-up time). Reading a file that is in memory already takes three times as long as that.
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
        bytes.withUnsafeBytes { XXH3Digest(XXH3_128bits($0.baseAddress, $0.count)) }
    }

    package static func hash(_ bytes: [UInt8]) -> XXH3Digest { hash(bytes.span.bytes) }

    package func update(_ bytes: RawSpan) {
        bytes.withUnsafeBytes { _ = XXH3_128bits_update(state, $0.baseAddress, $0.count) }
    }

    /// Of all bytes so far; more may follow.
    package func digest() -> XXH3Digest { XXH3Digest(XXH3_128bits_digest(state)) }
}

extension XXH3Digest {
    fileprivate init(_ hash: XXH128_hash_t) { self.init(high: hash.high64, low: hash.low64) }
}
