import Zstd

/// Whether it pays to compress an object: decided by compressing its beginning.
enum Compressibility {
    /// Smaller ones gain no disk blocks worth having.
    static let minimumBytes = 8 << 10
    static let probeBytes = 64 << 10

    /// Whether the beginning of an object shrinks by a tenth or more. Float weights do not (8 % measured).
    static func isWorthwhile(_ bytes: [UInt8]) -> Bool {
        if bytes.count < minimumBytes { return false }
        let probe = bytes.count <= probeBytes ? bytes : Array(bytes[..<probeBytes])
        return ZstdCompressor.compress(probe).count <= probe.count / 10 * 9
    }
}
