/// XXH3, 128 bits, in canonical (big-endian) order: as fast as memory, no defence against an attacker.
package struct XXH3Digest: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// From 32 hexadecimal digits of either case; nil for anything else.
    package init?(hex: String) {
        guard hex.utf8.count == 32, let bytes = decodeHex(hex) else { return nil }
        self.init(bytes: bytes)
    }

    /// From 16 bytes; nil for any other count.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        high = bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes[8...].reduce(0) { $0 << 8 | UInt64($1) }
    }

    package var bytes: [UInt8] {
        [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } }
    }

    package static func < (a: XXH3Digest, b: XXH3Digest) -> Bool { (a.high, a.low) < (b.high, b.low) }

    /// 32 lower-case hexadecimal digits.
    package var description: String { encodeHex(bytes) }
}

/// SHA-256 (FIPS 180-4): what is checked wherever bytes cross a trust boundary.
package struct SHA256Digest: Hashable, Sendable, CustomStringConvertible {
    /// 32 bytes.
    package let bytes: [UInt8]

    /// From 64 hexadecimal digits of either case; nil for anything else.
    package init?(hex: String) {
        guard hex.utf8.count == 64, let bytes = decodeHex(hex) else { return nil }
        self.bytes = bytes
    }

    /// From 32 bytes; nil for any other count.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// 64 lower-case hexadecimal digits.
    package var description: String { encodeHex(bytes) }
}

private func encodeHex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

private func decodeHex(_ text: String) -> [UInt8]? {
    var result: [UInt8] = []
    var pending: UInt8?
    for character in text.utf8 {
        guard let digit = Character(UnicodeScalar(character)).hexDigitValue else { return nil }
        if let high = pending {
            result.append(high << 4 | UInt8(digit))
            pending = nil
        } else {
            pending = UInt8(digit)
        }
    }
    return pending == nil ? result : nil
}
