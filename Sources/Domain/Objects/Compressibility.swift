import Zstd

/// Whether it pays to compress an object: decided by compressing its beginning.
enum Compressibility {
    /// Smaller ones gain no disk blocks worth having.
    static let minimumBytes = 8 << 10
    static let probeBytes = 64 << 10

    /// Whether all bytes are equally frequent at the beginning, as in what is compressed or encrypted already: found out in
    /// a hundredth of the time that compressing takes.
    private static func looksRandom(_ bytes: [UInt8]) -> Bool {
        var counts = [Int](repeating: 0, count: 256)
        for byte in bytes.prefix(sampleBytes) { counts[Int(byte)] += 1 }
        let squares = counts.reduce(0) { $0 + $1 * $1 }
        // Of random bytes it is this much, give or take half a hundredth.
        let expected = sampleBytes * sampleBytes / 256 + sampleBytes
        return squares < expected + expected / 20
    }

    private static let sampleBytes = 4096

    /// Whether the beginning of an object shrinks by a tenth or more. Float weights do not (8 % measured).
    static func isWorthwhile(_ bytes: [UInt8]) -> Bool {
        if bytes.count < minimumBytes || looksRandom(bytes) { return false }
        let probe = bytes.count <= probeBytes ? bytes : Array(bytes[..<probeBytes])
        return ZstdCompressor.compress(probe).count <= probe.count / 10 * 9
    }
}
