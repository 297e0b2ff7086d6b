import TestSupport
import Testing

@testable import Remotes

@Suite struct ChunkerTests {
    private func cut(_ bytes: [UInt8], pieceBytes: Int = 700_001) -> [[UInt8]] {
        var chunker = Chunker()
        var chunks: [[UInt8]] = []
        for start in stride(from: 0, to: bytes.count, by: pieceBytes) {
            let piece = Array(bytes[start..<min(bytes.count, start + pieceBytes)])
            chunker.update(piece.span.bytes) { chunks.append($0) }
        }
        chunker.finish { chunks.append($0) }
        return chunks
    }

    private func random(_ count: Int, seed: UInt64) -> [UInt8] {
        noise(count, seed: seed)
    }

    @Test func `chunks put together are what was cut, and none is too short or too long`() {
        let bytes = random(6_000_000, seed: 1)
        let chunks = cut(bytes)
        #expect(Array(chunks.joined()) == bytes)
        #expect(chunks.dropLast().allSatisfy { (Chunker.shortestBytes...Chunker.longestBytes).contains($0.count) })
        #expect((6...24).contains(chunks.count))
    }

    @Test func `where it is cut does not depend on how the bytes arrive`() {
        let bytes = random(3_000_000, seed: 2)
        #expect(cut(bytes, pieceBytes: 65_536) == cut(bytes, pieceBytes: 3_000_000))
    }

    @Test func `an insertion changes few chunks`() {
        let bytes = random(8_000_000, seed: 3)
        let changed = Array(bytes[..<4_000_000]) + [1, 2, 3] + Array(bytes[4_000_000...])
        let before = Set(cut(bytes))
        #expect(cut(changed).count { !before.contains($0) } <= 3)
    }

    @Test func `bytes that are all the same are cut at the longest`() {
        let chunks = cut([UInt8](repeating: 0, count: 5_000_000))
        #expect(chunks.map(\.count) == [2_097_152, 2_097_152, 805_696])
    }

    @Test func `nothing has no chunk, and little has one`() {
        #expect(cut([]).isEmpty)
        #expect(cut([7]) == [[7]])
        #expect(cut([UInt8](repeating: 7, count: 131_072)).count == 1)
    }

    /// The places are a part of the format: what was pushed by one version is found again by the next.
    @Test func `the same bytes are cut at the same places for ever`() {
        #expect(
            cut(random(4_000_000, seed: 4)).map(\.count) == [
                683_076, 601_907, 541_943, 339_211, 805_736, 245_886, 621_777, 160_464,
            ])
    }
}
