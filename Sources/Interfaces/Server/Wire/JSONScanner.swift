import Glibc

/// Reads JSON of a known shape without making a tree of it, for the requests that come by the thousand.
///
/// It knows the straight road only: whatever is unusual (escapes in a name, another type, bad syntax) is
/// `JSONScanner.Unusual`, and the caller reads the text again the careful way, which then also words the error.
struct JSONScanner {
    struct Unusual: Error {}

    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0
    private var depth = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Hands each field's name over; `body` must read its value.
    mutating func fields(_ body: (inout JSONScanner, Name) throws(Unusual) -> Void) throws(Unusual) {
        try expect(UInt8(ascii: "{"))
        depth += 1
        if depth > 16 { throw Unusual() }
        if skip(UInt8(ascii: "}")) {
            depth -= 1
            return
        }
        repeat {
            let name = Name(bytes: try plainString())
            try expect(UInt8(ascii: ":"))
            try body(&self, name)
        } while skip(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
        depth -= 1
    }

    /// `body` must read each item.
    mutating func items(_ body: (inout JSONScanner) throws(Unusual) -> Void) throws(Unusual) {
        try expect(UInt8(ascii: "["))
        if skip(UInt8(ascii: "]")) { return }
        repeat { try body(&self) } while skip(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
    }

    mutating func string() throws(Unusual) -> String {
        guard let text = String(validating: try plainString(), as: UTF8.self) else { throw Unusual() }
        return text
    }

    mutating func integer() throws(Unusual) -> Int64 {
        skipSpace()
        let isNegative = index < bytes.count && bytes[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        let start = index
        var value: Int64 = 0
        while index < bytes.count, let digit = digit(bytes[index]) {
            value = value &* 10 &+ Int64(digit)
            index += 1
        }
        // Up to 18 digits fit for certain.
        guard index > start, index - start <= 18 else { throw Unusual() }
        if index < bytes.count, [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(bytes[index]) {
            throw Unusual()
        }
        return isNegative ? -value : value
    }

    mutating func number() throws(Unusual) -> Double {
        skipSpace()
        let start = index
        let isNegative = index < bytes.count && bytes[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        var mantissa: UInt64 = 0
        var digits = 0
        var exponent = 0
        while index < bytes.count, let digit = digit(bytes[index]) {
            mantissa = mantissa &* 10 &+ UInt64(digit)
            digits += 1
            index += 1
        }
        if digits == 0 { throw Unusual() }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            let point = index
            while index < bytes.count, let digit = digit(bytes[index]) {
                mantissa = mantissa &* 10 &+ UInt64(digit)
                index += 1
            }
            if index == point { throw Unusual() }
            digits += index - point
            exponent = point - index
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") { exponent += try exponentPart() }
        // Both are exact then, so that one operation rounds once: the nearest number.
        if digits <= 19, mantissa < 1 << 53, abs(exponent) <= 22 {
            let magnitude =
                exponent < 0
                ? Double(mantissa) / Self.powers[-exponent] : Double(mantissa) * Self.powers[exponent]
            return isNegative ? -magnitude : magnitude
        }
        guard let value = Double(String(decoding: bytes[start..<index], as: UTF8.self)), value.isFinite else {
            throw Unusual()
        }
        return value
    }

    /// After the last value: nothing may follow.
    mutating func end() throws(Unusual) {
        skipSpace()
        if index < bytes.count { throw Unusual() }
    }

    /// A field's name, compared without making a string of it.
    struct Name {
        fileprivate let bytes: UnsafeBufferPointer<UInt8>

        static func ~= (text: StaticString, name: Name) -> Bool {
            guard let start = name.bytes.baseAddress, name.bytes.count == text.utf8CodeUnitCount else { return false }
            return memcmp(start, text.utf8Start, name.bytes.count) == 0
        }
    }

    private static let powers = (0...22).map { exponent in (0..<exponent).reduce(1.0) { power, _ in power * 10 } }

    private mutating func exponentPart() throws(Unusual) -> Int {
        index += 1
        let isNegative = index < bytes.count && bytes[index] == UInt8(ascii: "-")
        if isNegative || (index < bytes.count && bytes[index] == UInt8(ascii: "+")) { index += 1 }
        var value = 0
        let start = index
        while index < bytes.count, let digit = digit(bytes[index]), index - start < 4 {
            value = value * 10 + Int(digit)
            index += 1
        }
        if index == start || index - start == 4 { throw Unusual() }
        return isNegative ? -value : value
    }

    /// The inside of a string without escapes.
    private mutating func plainString() throws(Unusual) -> UnsafeBufferPointer<UInt8> {
        try expect(UInt8(ascii: "\""))
        let start = index
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            if bytes[index] == UInt8(ascii: "\\") || bytes[index] < 0x20 { throw Unusual() }
            index += 1
        }
        if index == bytes.count { throw Unusual() }
        defer { index += 1 }
        return UnsafeBufferPointer(rebasing: bytes[start..<index])
    }

    private func digit(_ byte: UInt8) -> UInt8? {
        let value = byte &- UInt8(ascii: "0")
        return value < 10 ? value : nil
    }

    private mutating func expect(_ byte: UInt8) throws(Unusual) {
        if !skip(byte) { throw Unusual() }
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        skipSpace()
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }
}
