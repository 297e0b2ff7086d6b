import Diagnostics
import Testing

@testable import Experiments

@Suite struct SeriesChunkTests {
    @Test func `any points come back bit for bit`() throws {
        var generator = SystemRandomNumberGenerator()
        for count in [1, 2, 3, 100, 2047] {
            let points = (0..<count).map { _ in
                MetricPoint(
                    step: .random(in: .min ... .max, using: &generator),
                    timestamp: Timestamp(milliseconds: .random(in: .min ... .max, using: &generator)),
                    value: .random(in: -1e9...1e9, using: &generator))
            }
            #expect(try SeriesChunk.decode(SeriesChunk.encode(points)).points == points)
        }
    }

    @Test func `regular steps and times cost nothing, and values of few bits half`() {
        let regular = (0..<1000).map { index in
            MetricPoint(
                step: Int64(index), timestamp: Timestamp(milliseconds: 1_700_000_000_000 + Int64(index) * 137),
                value: Double(index) / 3)
        }
        #expect(SeriesChunk.encode(regular).count < 8 * 1000 + 32)
        let single = regular.map { MetricPoint(step: $0.step, timestamp: $0.timestamp, value: Double($0.step) / 4) }
        #expect(SeriesChunk.encode(single).count < 4 * 1000 + 32)
    }

    @Test func `a chunk that is cut or changed is an error, never a crash`() throws {
        let points = (0..<50).map {
            MetricPoint(step: Int64($0 * $0), timestamp: Timestamp(milliseconds: 1), value: Double($0) / 3)
        }
        let bytes = SeriesChunk.encode(points)
        for length in 0..<bytes.count {
            #expect(throws: ExperimentError.self) { try SeriesChunk.decode(Array(bytes[..<length])) }
        }
        for index in 0..<min(60, bytes.count) {
            var changed = bytes
            changed[index] ^= 0xFF
            _ = try? SeriesChunk.decode(changed)
        }
    }
}
