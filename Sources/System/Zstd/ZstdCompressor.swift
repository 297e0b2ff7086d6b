import CZstd

/// Compresses a stream of bytes into one zstd frame, in bounded memory.
package final class ZstdCompressor {
    /// Fast; higher ones gain little on the data that pipelines make.
    package static let usualLevel: Int32 = 1

    private let context: OpaquePointer?
    private var buffer: [UInt8]

    /// `totalBytes`, if known, is written into the frame.
    package init(level: Int32 = usualLevel, totalBytes: UInt64? = nil) {
        let context = ZSTD_createCCtx()
        precondition(context != nil, "out of memory")
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
        if let totalBytes { ZSTD_CCtx_setPledgedSrcSize(context, totalBytes) }
        // All properties at the end, with no branch between them: Swift 6.3.1 at -O releases what `buffer` held before
        // it held anything, once a branch follows the first property.
        self.context = context
        buffer = [UInt8](repeating: 0, count: ZSTD_CStreamOutSize())
    }

    deinit { ZSTD_freeCCtx(context) }

    /// All of `bytes` as one frame.
    package static func compress(_ bytes: [UInt8], level: Int32 = usualLevel) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(bytes.count)) { buffer, count in
            let result = bytes.withUnsafeBytes { source in
                ZSTD_compress(buffer.baseAddress, buffer.count, source.baseAddress, source.count, level)
            }
            precondition(ZSTD_isError(result) == 0, "zstd cannot compress into a buffer of the size it asked for")
            count = result
        }
    }

    /// The same for tens of megabytes in which much is there twice, but far apart: what repeats within 32 MiB is found,
    /// whoever unpacks it needs that much memory, and it takes some times longer.
    package static func compressRepetitive(_ bytes: [UInt8]) -> [UInt8] {
        let context = ZSTD_createCCtx()
        precondition(context != nil, "out of memory")
        defer { ZSTD_freeCCtx(context) }
        let parameters: [(ZSTD_cParameter, Int32)] = [
            (ZSTD_c_compressionLevel, usualLevel), (ZSTD_c_windowLog, 25), (ZSTD_c_hashLog, 22), (ZSTD_c_minMatch, 6),
        ]
        for (parameter, value) in parameters { ZSTD_CCtx_setParameter(context, parameter, value) }
        return [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(bytes.count)) { buffer, count in
            let result = bytes.withUnsafeBytes { source in
                ZSTD_compress2(context, buffer.baseAddress, buffer.count, source.baseAddress, source.count)
            }
            precondition(ZSTD_isError(result) == 0, "zstd cannot compress into a buffer of the size it asked for")
            count = result
        }
    }

    /// Takes in `bytes`, and hands over what comes out of it.
    package func update(_ bytes: RawSpan, _ emit: (RawSpan) throws -> Void) throws {
        try run(bytes, ZSTD_e_continue, emit)
    }

    /// Ends the frame; nothing may follow. Throws if the bytes were not `totalBytes`.
    package func finish(_ emit: (RawSpan) throws -> Void) throws {
        let nothing: [UInt8] = []
        try run(nothing.span.bytes, ZSTD_e_end, emit)
    }

    private func run(
        _ bytes: RawSpan, _ directive: ZSTD_EndDirective, _ emit: (RawSpan) throws -> Void
    ) throws {
        var consumed = 0
        while true {
            var produced = 0
            let result = bytes.withUnsafeBytes { source in
                buffer.withUnsafeMutableBytes { target in
                    var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: consumed)
                    var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                    defer { (consumed, produced) = (input.pos, output.pos) }
                    return ZSTD_compressStream2(context, &output, &input, directive)
                }
            }
            if ZSTD_isError(result) != 0 { throw ZstdError.damaged(String(cString: ZSTD_getErrorName(result))) }
            if produced > 0 {
                try buffer.withUnsafeBytes { try emit(UnsafeRawBufferPointer(rebasing: $0[..<produced]).bytes) }
            }
            if directive == ZSTD_e_end ? result == 0 : consumed == bytes.byteCount { return }
        }
    }
}
