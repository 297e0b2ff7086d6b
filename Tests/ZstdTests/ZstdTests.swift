import Diagnostics
import TestSupport
import Testing
import Zstd

@Suite struct ZstdTests {
    /// Text-like and long enough for several buffers.
    static let text = (0..<1_000_000).map { UInt8(97 + ($0 * $0 / 7) % 13) }

    static func decompress(_ bytes: [UInt8], pieceBytes: Int, limitBytes: UInt64) throws -> [UInt8] {
        let decompressor = ZstdDecompressor(limitBytes: limitBytes)
        var content: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: pieceBytes) {
            let piece = Array(bytes[start..<min(start + pieceBytes, bytes.count)])
            try decompressor.update(piece.span.bytes) { $0.withUnsafeBytes { content.append(contentsOf: $0) } }
        }
        try decompressor.finish()
        return content
    }

    @Test(arguments: [[], [0], text].map(SampleBytes.init))
    func `what is compressed comes back`(sample: SampleBytes) throws {
        let content = sample.bytes
        let compressed = ZstdCompressor.compress(content)
        #expect(try ZstdDecompressor.decompress(compressed, limitBytes: UInt64(content.count)) == content)
    }

    @Test func `what is there twice is found however far apart it is`() throws {
        var random = SeededRandom(seed: 3)
        let words = (0..<1_500_000).map { _ in random.next() }
        let noise = words.withUnsafeBytes { Array($0) }
        let content = noise + noise[..<1_000_000]
        let compressed = ZstdCompressor.compressRepetitive(content)
        #expect(compressed.count < noise.count + 10_000)
        #expect(try ZstdDecompressor.decompress(compressed, limitBytes: UInt64(content.count)) == content)
    }

    @Test(arguments: [1000, 65_536, 1_000_000])
    func `a stream comes back, whatever its pieces`(pieceBytes: Int) throws {
        let compressor = ZstdCompressor(totalBytes: UInt64(Self.text.count))
        var compressed: [UInt8] = []
        for start in stride(from: 0, to: Self.text.count, by: pieceBytes) {
            let piece = Array(Self.text[start..<min(start + pieceBytes, Self.text.count)])
            try compressor.update(piece.span.bytes) { $0.withUnsafeBytes { compressed.append(contentsOf: $0) } }
        }
        try compressor.finish { $0.withUnsafeBytes { compressed.append(contentsOf: $0) } }
        #expect(compressed.count < Self.text.count / 2)
        let content = try Self.decompress(compressed, pieceBytes: pieceBytes, limitBytes: UInt64(Self.text.count))
        #expect(content == Self.text)
    }

    @Test func `more than expected is refused before it fills the memory`() {
        let bomb = ZstdCompressor.compress([UInt8](repeating: 0, count: 50_000_000))
        #expect(bomb.count < 10_000)
        let error = #expect(throws: ZstdError.self) { try ZstdDecompressor.decompress(bomb, limitBytes: 1000) }
        #expect(error == .tooLarge(limitBytes: 1000))
        #expect(error?.message == "compressed data holds more than the 1000 bytes it should")
    }

    @Test func `a frame cut short is refused at every length`() {
        let compressed = ZstdCompressor.compress(Array(Self.text.prefix(3000)))
        for length in 0..<compressed.count {
            let error = #expect(throws: ZstdError.self) {
                try ZstdDecompressor.decompress(Array(compressed[..<length]), limitBytes: 3000)
            }
            #expect(error?.kind == .corrupt)
        }
    }

    @Test func `bytes after the frame are refused`() {
        let compressed = ZstdCompressor.compress(Self.text) + [0]
        let error = #expect(throws: ZstdError.self) {
            try ZstdDecompressor.decompress(compressed, limitBytes: UInt64(Self.text.count))
        }
        #expect(error?.message == "compressed data is damaged (bytes after the end)")
    }

    @Test func `opening and dropping a thousand leaves nothing behind`() throws {
        for _ in 0..<1000 {
            _ = ZstdCompressor()
            _ = ZstdDecompressor(limitBytes: 1)
        }
    }
}
