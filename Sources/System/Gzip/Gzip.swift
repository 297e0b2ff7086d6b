import CZlib

/// Compresses for readers that know nothing newer than gzip: some browsers. What we store is zstd's.
package enum Gzip: Sendable {
    /// The best that zlib can do; for bytes that are compressed once and sent often.
    private static let level: Int32 = 9
    /// The largest window, and a gzip head in front.
    private static let windowBits: Int32 = 15 + 16
    private static let memoryLevel: Int32 = 9

    package static func compress(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        let begun = deflateInit2_(
            &stream, level, Z_DEFLATED, windowBits, memoryLevel, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        precondition(begun == Z_OK, "out of memory, or the zlib that is linked is not the one that was compiled with")
        defer { deflateEnd(&stream) }
        let bound = Int(deflateBound(&stream, UInt(bytes.count)))
        var source = bytes
        return source.withUnsafeMutableBufferPointer { source in
            [UInt8](unsafeUninitializedCapacity: bound) { target, count in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                let result = deflate(&stream, Z_FINISH)
                precondition(result == Z_STREAM_END, "zlib cannot compress into a buffer of the size it asked for")
                count = target.count - Int(stream.avail_out)
            }
        }
    }
}
