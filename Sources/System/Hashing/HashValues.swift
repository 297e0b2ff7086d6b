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

    /// The 16 bytes at `offset`, which must be there.
    package init(reading bytes: UnsafeRawBufferPointer, at offset: Int) {
        high = bigEndianWord(bytes, at: offset)
        low = bigEndianWord(bytes, at: offset + 8)
    }

    /// 16 bytes.
    package var bytes: [UInt8] { bigEndianBytes(high, low) }

    package static func < (a: XXH3Digest, b: XXH3Digest) -> Bool { (a.high, a.low) < (b.high, b.low) }

    /// 32 lower-case hexadecimal digits.
    package var description: String { encodeHex(bytes) }
}

/// SHA-256 (FIPS 180-4): what is checked wherever bytes cross a trust boundary.
///
/// Four words and not an array: a million of them must not be a million allocations.
package struct SHA256Digest: Hashable, Comparable, Sendable, CustomStringConvertible {
    package static let byteCount = 32

    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    /// From 64 hexadecimal digits of either case; nil for anything else.
    package init?(hex: String) {
        guard hex.utf8.count == 64, let bytes = decodeHex(hex) else { return nil }
        self.init(finished: bytes)
    }

    /// From 32 bytes; nil for any other count.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.init(finished: bytes)
    }

    /// Trusts that there are 32.
    init(finished bytes: [UInt8]) {
        self = bytes.withUnsafeBytes { SHA256Digest(reading: $0, at: 0) }
    }

    /// The 32 bytes at `offset`, which must be there.
    package init(reading bytes: UnsafeRawBufferPointer, at offset: Int) {
        first = bigEndianWord(bytes, at: offset)
        second = bigEndianWord(bytes, at: offset + 8)
        third = bigEndianWord(bytes, at: offset + 16)
        fourth = bigEndianWord(bytes, at: offset + 24)
    }

    /// 32 bytes.
    package var bytes: [UInt8] { bigEndianBytes(first, second) + bigEndianBytes(third, fourth) }

    /// 64 lower-case hexadecimal digits.
    package var description: String { encodeHex(bytes) }

    /// In the order of their bytes, and so of their digits.
    package static func < (x: SHA256Digest, y: SHA256Digest) -> Bool {
        (x.first, x.second, x.third, x.fourth) < (y.first, y.second, y.third, y.fourth)
    }
}

/// The eight bytes at `offset`, which must be there, the highest first.
private func bigEndianWord(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt64 {
    UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
}

private func bigEndianBytes(_ first: UInt64, _ second: UInt64) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
        let bytes = UnsafeMutableRawBufferPointer(buffer)
        bytes.storeBytes(of: first.bigEndian, as: UInt64.self)
        bytes.storeBytes(of: second.bigEndian, toByteOffset: 8, as: UInt64.self)
        count = 16
    }
}

/// MD5, as DVC names its files. Exists only to read what DVC wrote: never trust it.
package struct MD5Digest: Hashable, Sendable, CustomStringConvertible {
    /// 16 bytes.
    package let bytes: [UInt8]

    /// From 32 hexadecimal digits of either case; nil for anything else.
    package init?(hex: String) {
        guard hex.utf8.count == 32, let bytes = decodeHex(hex) else { return nil }
        self.bytes = bytes
    }

    /// Trusts that there are 16.
    init(finished bytes: [UInt8]) { self.bytes = bytes }

    /// 32 lower-case hexadecimal digits.
    package var description: String { encodeHex(bytes) }
}

private func encodeHex(_ bytes: [UInt8]) -> String {
    String(unsafeUninitializedCapacity: bytes.count * 2) { buffer in
        for (index, byte) in bytes.enumerated() {
            buffer[2 * index] = hexDigit(byte >> 4)
            buffer[2 * index + 1] = hexDigit(byte & 15)
        }
        return bytes.count * 2
    }
}

/// Of an even number of digits.
private func decodeHex(_ text: String) -> [UInt8]? {
    var text = text
    return text.withUTF8 { digits in
        var isValid = true
        let bytes = [UInt8](unsafeUninitializedCapacity: digits.count / 2) { buffer, count in
            while count < digits.count / 2 {
                guard let high = hexValue(digits[2 * count]), let low = hexValue(digits[2 * count + 1]) else {
                    isValid = false
                    return
                }
                buffer[count] = high << 4 | low
                count += 1
            }
        }
        return isValid ? bytes : nil
    }
}

private func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
}

private func hexValue(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
}
