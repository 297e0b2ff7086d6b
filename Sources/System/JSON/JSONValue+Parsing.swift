import Diagnostics

extension JSONValue {
    package static let maximumDepth = 512

    /// Reads one JSON value. `NaN`, `Infinity` and `-Infinity` are accepted, as Python writes them; of a key that is
    /// given twice the last value counts, as in Python. `file` is only for places in messages.
    package init(parsing bytes: [UInt8], file: String = "JSON") throws {
        self = try bytes.withUnsafeBufferPointer { buffer in
            var reader = JSONReader(bytes: buffer, file: file)
            return try reader.readDocument()
        }
    }

    package init(parsing text: String, file: String = "JSON") throws {
        try self.init(parsing: Array(text.utf8), file: file)
    }
}

private struct JSONReader {
    let bytes: UnsafeBufferPointer<UInt8>
    let file: String
    var index = 0
    var depth = 0

    init(bytes: UnsafeBufferPointer<UInt8>, file: String) {
        self.bytes = bytes
        self.file = file
    }

    mutating func readDocument() throws -> JSONValue {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
        let value = try readValue()
        skipSpace()
        if index < bytes.count { throw syntax("unexpected text after the value") }
        return value
    }

    private mutating func readValue() throws -> JSONValue {
        skipSpace()
        guard index < bytes.count else { throw syntax("the text ends where a value is expected") }
        switch bytes[index] {
        case UInt8(ascii: "{"): return try readObject()
        case UInt8(ascii: "["): return try readArray()
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try readNumber()
        default: return try readWord()
        }
    }

    private mutating func readWord() throws -> JSONValue {
        let words: [(StaticString, JSONValue)] = [
            ("true", .bool(true)), ("false", .bool(false)), ("null", .null), ("NaN", .number(.nan)),
            ("Infinity", .number(.infinity)),
        ]
        for (word, value) in words where skip(word) { return value }
        throw syntax("a value is expected")
    }

    private mutating func readObject() throws -> JSONValue {
        try enter()
        var object = JSONObject()
        skipSpace()
        if skipByte(UInt8(ascii: "}")) { return leave(.object(object)) }
        while true {
            skipSpace()
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
                throw syntax("a key in double quotes is expected")
            }
            let key = try readString()
            skipSpace()
            guard skipByte(UInt8(ascii: ":")) else { throw syntax("`:` is expected after the key") }
            object[key] = try readValue()
            skipSpace()
            if skipByte(UInt8(ascii: "}")) { return leave(.object(object)) }
            guard skipByte(UInt8(ascii: ",")) else { throw syntax("`,` or `}` is expected") }
        }
    }

    private mutating func readArray() throws -> JSONValue {
        try enter()
        var items: [JSONValue] = []
        skipSpace()
        if skipByte(UInt8(ascii: "]")) { return leave(.array(items)) }
        while true {
            items.append(try readValue())
            skipSpace()
            if skipByte(UInt8(ascii: "]")) { return leave(.array(items)) }
            guard skipByte(UInt8(ascii: ",")) else { throw syntax("`,` or `]` is expected") }
        }
    }

    private mutating func readNumber() throws -> JSONValue {
        let start = index
        if skipByte(UInt8(ascii: "-")), skip("Infinity") { return .number(-.infinity) }
        let digitsStart = index
        let digits = skipDigits()
        if digits == 0 { throw syntax("digits are expected") }
        if digits > 1, bytes[digitsStart] == UInt8(ascii: "0") { throw syntax("a number must not start with 0") }
        var isInteger = true
        if skipByte(UInt8(ascii: ".")) {
            isInteger = false
            if skipDigits() == 0 { throw syntax("digits are expected after the point") }
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            index += 1
            if !skipByte(UInt8(ascii: "+")) { _ = skipByte(UInt8(ascii: "-")) }
            if skipDigits() == 0 { throw syntax("digits are expected in the exponent") }
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isInteger { return Int64(text).map(JSONValue.integer) ?? largeInteger(text) }
        guard let number = Double(text) else { throw syntax("the number cannot be read") }
        return .number(number)
    }

    private mutating func skipDigits() -> Int {
        let start = index
        while index < bytes.count, bytes[index] >= UInt8(ascii: "0"), bytes[index] <= UInt8(ascii: "9") { index += 1 }
        return index - start
    }
}

extension JSONReader {
    private mutating func readString() throws -> String {
        index += 1
        let start = index
        while index < bytes.count, bytes[index] != UInt8(ascii: "\""), bytes[index] != UInt8(ascii: "\\"),
            bytes[index] >= 0x20
        {
            index += 1
        }
        if index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
            index += 1
            return try text(bytes[start..<index - 1])
        }
        var result = Array(bytes[start..<index])
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                index += 1
                return try result.withUnsafeBufferPointer { try text($0[...]) }
            }
            if byte < 0x20 { throw syntax("a control character must be written as an escape") }
            index += 1
            if byte == UInt8(ascii: "\\") { try readEscape(into: &result) } else { result.append(byte) }
        }
        throw syntax("the text ends inside a string")
    }

    private func text(_ slice: Slice<UnsafeBufferPointer<UInt8>>) throws -> String {
        guard let text = String(validating: slice, as: UTF8.self) else { throw syntax("the string is not UTF-8") }
        return text
    }

    private mutating func readEscape(into result: inout [UInt8]) throws {
        guard index < bytes.count else { throw syntax("the text ends inside a string") }
        let letter = bytes[index]
        index += 1
        switch letter {
        case UInt8(ascii: "n"): result.append(10)
        case UInt8(ascii: "t"): result.append(9)
        case UInt8(ascii: "r"): result.append(13)
        case UInt8(ascii: "b"): result.append(8)
        case UInt8(ascii: "f"): result.append(12)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(letter)
        case UInt8(ascii: "u"): result += Array(String(Character(try readUnicodeEscape())).utf8)
        default: throw syntax("unknown escape in a string")
        }
    }

    /// After `\u`. Half of a surrogate pair becomes U+FFFD: it stands for no character.
    private mutating func readUnicodeEscape() throws -> Unicode.Scalar {
        let replacement: Unicode.Scalar = "\u{FFFD}"
        let first = try readHex()
        guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) ?? replacement }
        let here = index
        if skip("\\u") {
            let second = try readHex()
            if (0xDC00..<0xE000).contains(second) {
                return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? replacement
            }
            index = here
        }
        return replacement
    }

    private mutating func readHex() throws -> UInt32 {
        guard index + 4 <= bytes.count else { throw syntax("four hexadecimal digits are expected") }
        var value: UInt32 = 0
        for byte in bytes[index..<index + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw syntax("four hexadecimal digits are expected")
            }
            value = value << 4 | UInt32(digit)
        }
        index += 4
        return value
    }

    private mutating func skipSpace() {
        while index < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[index]) { index += 1 }
    }

    private mutating func skipByte(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func skip(_ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        guard index + length <= bytes.count else { return false }
        let expected = UnsafeBufferPointer(start: word.utf8Start, count: length)
        guard bytes[index..<index + length].elementsEqual(expected) else { return false }
        index += length
        return true
    }

    private mutating func enter() throws {
        depth += 1
        index += 1
        if depth > JSONValue.maximumDepth { throw JSONError.tooDeep(limit: JSONValue.maximumDepth, at: place()) }
    }

    private mutating func leave(_ value: JSONValue) -> JSONValue {
        depth -= 1
        return value
    }

    private func syntax(_ problem: String) -> JSONError { .syntax(problem: problem, at: place()) }

    private func place() -> SourceLocation {
        let before = bytes[..<min(index, bytes.count)]
        let lineStart = before.lastIndex(of: 10).map { $0 + 1 } ?? 0
        let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
        return SourceLocation(file: file, line: before.count { $0 == 10 } + 1, column: column)
    }
}
