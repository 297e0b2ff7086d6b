import CZstd

/// Decompresses one zstd frame, in bounded memory, and never to more bytes than are expected.
package final class ZstdDecompressor {
    private let context: OpaquePointer?
    private var buffer: [UInt8]
    private let limitBytes: UInt64
    private var producedBytes: UInt64 = 0
    private var isComplete = false

    package init(limitBytes: UInt64) {
        let context = ZSTD_createDCtx()
        precondition(context != nil, "out of memory")
        self.context = context  // not before the branch: see ZstdCompressor
        buffer = [UInt8](repeating: 0, count: ZSTD_DStreamOutSize())
        self.limitBytes = limitBytes
    }

    deinit { ZSTD_freeDCtx(context) }

    /// A whole frame, which must hold `limitBytes` at most.
    package static func decompress(_ bytes: [UInt8], limitBytes: UInt64) throws -> [UInt8] {
        let decompressor = ZstdDecompressor(limitBytes: limitBytes)
        var content: [UInt8] = []
        try decompressor.update(bytes.span.bytes) { piece in
            piece.withUnsafeBytes { content.append(contentsOf: $0) }
        }
        try decompressor.finish()
        return content
    }

    /// Takes in compressed `bytes`, and hands over what comes out.
    package func update(_ bytes: RawSpan, _ emit: (RawSpan) throws -> Void) throws {
        var consumed = 0
        while true {
            // What follows the frame would be ignored silently.
            if isComplete, consumed < bytes.byteCount { throw ZstdError.damaged("bytes after the end") }
            if isComplete { return }
            var produced = 0
            let result = bytes.withUnsafeBytes { source in
                buffer.withUnsafeMutableBytes { target in
                    var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: consumed)
                    var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                    defer { (consumed, produced) = (input.pos, output.pos) }
                    return ZSTD_decompressStream(context, &output, &input)
                }
            }
            if ZSTD_isError(result) != 0 { throw ZstdError.damaged(String(cString: ZSTD_getErrorName(result))) }
            isComplete = result == 0
            producedBytes += UInt64(produced)
            if producedBytes > limitBytes { throw ZstdError.tooLarge(limitBytes: limitBytes) }
            if produced > 0 {
                try buffer.withUnsafeBytes { try emit(UnsafeRawBufferPointer(rebasing: $0[..<produced]).bytes) }
            }
            if consumed == bytes.byteCount, produced < buffer.count { return }
        }
    }

    /// Throws unless the frame is complete.
    package func finish() throws {
        if !isComplete { throw ZstdError.truncated }
    }
}
