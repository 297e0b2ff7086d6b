import Hashing

/// Cuts a stream of bytes into chunks, at places that the bytes around them decide (FastCDC with normalised chunking):
/// an insertion changes the chunk that it is in, and rarely the next. docs/formats/remote.md, "Chunks".
struct Chunker {
    static let shortestBytes = 128 << 10
    static let usualBytes = 512 << 10
    static let longestBytes = 2 << 20

    /// Received, and not cut off yet.
    private var pending: [UInt8] = []

    init() {}

    /// Takes in `bytes` and hands over the chunks that are complete.
    mutating func update(_ bytes: RawSpan, _ emit: ([UInt8]) throws -> Void) rethrows {
        bytes.withUnsafeBytes { pending.append(contentsOf: $0) }
        var start = 0
        while pending.count - start >= Self.longestBytes {
            let length = pending.withUnsafeBytes { Self.cut(UnsafeRawBufferPointer(rebasing: $0[start...])) }
            try emit(Array(pending[start..<start + length]))
            start += length
        }
        pending.removeFirst(start)
    }

    /// Hands over what is left; nothing may follow.
    mutating func finish(_ emit: ([UInt8]) throws -> Void) rethrows {
        var start = 0
        while start < pending.count {
            let length = pending.withUnsafeBytes { Self.cut(UnsafeRawBufferPointer(rebasing: $0[start...])) }
            try emit(Array(pending[start..<start + length]))
            start += length
        }
        pending = []
    }

    /// How long the chunk is that starts with the first of `bytes`, which go to the end of the stream or to the longest
    /// chunk's.
    static func cut(_ bytes: UnsafeRawBufferPointer) -> Int {
        let end = min(bytes.count, longestBytes)
        let usual = min(end, usualBytes)
        var hash: UInt64 = 0
        var position = min(shortestBytes, end)
        return gear.withUnsafeBufferPointer { gear in
            while position < usual {
                hash = (hash << 1) &+ gear[Int(bytes[position])]
                position += 1
                if hash & strictMask == 0 { return position }
            }
            while position < end {
                hash = (hash << 1) &+ gear[Int(bytes[position])]
                position += 1
                if hash & looseMask == 0 { return position }
            }
            return end
        }
    }

    /// 21 bits: hard to meet, so that few chunks are much shorter than usual.
    private static let strictMask: UInt64 = 0xFFFF_F800_0000_0000
    /// 17 bits: easy to meet, so that few are much longer.
    private static let looseMask: UInt64 = 0xFFFF_8000_0000_0000

    private static let gear: [UInt64] = (0..<256).map { byte in
        SHA256.hash(Array("repro gear \(byte)".utf8)).bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
