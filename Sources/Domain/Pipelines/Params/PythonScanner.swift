import JSON

/// Reads one statement of Python, as far as it is a class, an `__init__` or an assignment of a literal.
struct PythonScanner {
    private let bytes: [UInt8]
    private var index: Int
    private let end: Int
    private var depth = 0

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        self.index = range.lowerBound
        self.end = range.upperBound
    }

    mutating func className() -> String? {
        let start = index
        if name() == "class", let name = name() { return name }
        index = start
        return nil
    }

    mutating func isInitDefinition() -> Bool {
        let start = index
        if name() == "def", name() == "__init__" { return true }
        index = start
        return false
    }

    /// `x = 5`, `x: int = 5`, or, in an `__init__`, `self.x = 5`: the name, the value and where it stands.
    mutating func assignment(ofSelf isSelf: Bool) -> (String, JSONValue, Range<Int>)? {
        guard var target = name() else { return nil }
        if isSelf {
            guard target == "self", take("."), let attribute = name() else { return nil }
            target = attribute
        }
        if take(":") { skipAnnotation() }
        guard take("="), peek != UInt8(ascii: "=") else { return nil }
        skipSpace()
        let start = index
        guard let value = tuple(), isAtEnd else { return nil }
        var stop = min(index, end)
        while stop > start, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[stop - 1]) { stop -= 1 }
        return (target, value, start..<stop)
    }

    /// After the string that starts at `start`; nil if it does not end.
    static func endOfString(_ bytes: [UInt8], _ start: Int) -> Int? {
        let quote = bytes[start]
        let isLong = bytes[start...].starts(with: [quote, quote, quote])
        var index = start + (isLong ? 3 : 1)
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\\") {
                index += 2
            } else if isLong, bytes[index...].starts(with: [quote, quote, quote]) {
                return index + 3
            } else if !isLong, bytes[index] == quote {
                return index + 1
            } else if !isLong, bytes[index] == 0x0A {
                return nil
            } else {
                index += 1
            }
        }
        return nil
    }
}

extension PythonScanner {
    /// One literal, or several with commas between.
    private mutating func tuple() -> JSONValue? {
        guard let first = literal() else { return nil }
        guard peekAfterSpace == UInt8(ascii: ",") else { return first }
        var items = [first]
        while take(",") {
            if isAtEnd { break }
            guard let item = literal() else { return nil }
            items.append(item)
        }
        return .array(items)
    }

    private mutating func literal() -> JSONValue? {
        depth += 1
        defer { depth -= 1 }
        guard depth < 100, let byte = peekAfterSpace else { return nil }
        switch byte {
        case UInt8(ascii: "["): return list(open: "[", close: "]")
        case UInt8(ascii: "("): return parenthesised()
        case UInt8(ascii: "{"): return braced()
        case UInt8(ascii: "-"), UInt8(ascii: "+"):
            index += 1
            let isNegative = byte == UInt8(ascii: "-")
            guard let next = peekAfterSpace, isDigit(next) || next == UInt8(ascii: "."), let value = number(isNegative)
            else { return nil }
            return value
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."): return number(false)
        default: return word()
        }
    }

    private mutating func list(open: Character, close: Character) -> JSONValue? {
        guard take(open) else { return nil }
        var items: [JSONValue] = []
        while !take(close) {
            guard let item = literal() else { return nil }
            items.append(item)
            guard take(",") || peekAfterSpace == close.asciiValue else { return nil }
        }
        return .array(items)
    }

    /// `()`, `(1, 2)` and `(1,)` are tuples, `(1)` is 1.
    private mutating func parenthesised() -> JSONValue? {
        let start = index
        guard take("(") else { return nil }
        if !take(")"), let value = literal(), take(")") { return value }
        index = start
        return list(open: "(", close: ")")
    }

    private mutating func braced() -> JSONValue? {
        let start = index
        guard take("{") else { return nil }
        var object = JSONObject()
        while !take("}") {
            guard let key = literal() else { return nil }
            guard take(":") else {
                index = start
                return list(open: "{", close: "}")
            }
            guard let name = templateText(key), let value = literal() else { return nil }
            object[name] = value
            guard take(",") || peekAfterSpace == UInt8(ascii: "}") else { return nil }
        }
        return .object(object)
    }

    private mutating func word() -> JSONValue? {
        let start = index
        if let value = string() {
            guard case .string(var text) = value else { return value }
            // Strings side by side are one.
            while let next = peekAfterSpace, next == 0x22 || next == 0x27 || isLetter(next) {
                guard case .string(let more)? = string() else { return nil }
                text += more
            }
            return .string(text)
        }
        index = start
        switch name() {
        case "True": return .bool(true)
        case "False": return .bool(false)
        case "None": return .null
        default: return nil
        }
    }

    /// A string without or with the prefix `r` or `u`; bytes and f-strings are not params.
    private mutating func string() -> JSONValue? {
        skipSpace()
        var isRaw = false
        while let byte = peek, isLetter(byte) {
            switch byte | 0x20 {
            case UInt8(ascii: "r"): isRaw = true
            case UInt8(ascii: "u"): break
            default: return nil
            }
            index += 1
        }
        guard let quote = peek, quote == 0x22 || quote == 0x27, let stop = Self.endOfString(bytes, index), stop <= end
        else { return nil }
        let length = bytes[index...].starts(with: [quote, quote, quote]) && stop - index >= 6 ? 3 : 1
        let content = bytes[(index + length)..<(stop - length)]
        index = stop
        return .string(isRaw ? String(decoding: content, as: UTF8.self) : unescaped(content))
    }

    private func unescaped(_ content: ArraySlice<UInt8>) -> String {
        let simple: [UInt8: UInt8] = [
            UInt8(ascii: "n"): 10, UInt8(ascii: "t"): 9, UInt8(ascii: "r"): 13, UInt8(ascii: "b"): 8,
            UInt8(ascii: "f"): 12, UInt8(ascii: "a"): 7, UInt8(ascii: "v"): 11, UInt8(ascii: "\\"): 0x5C,
            UInt8(ascii: "'"): 0x27, UInt8(ascii: "\""): 0x22,
        ]
        let hexadecimal = [UInt8(ascii: "x"): 2, UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8]
        var result: [UInt8] = []
        var rest = content
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let letter = rest.first else {
                result.append(byte)
                continue
            }
            if let value = simple[letter] {
                result.append(value)
                rest.removeFirst()
            } else if letter == 0x0A {
                rest.removeFirst()
            } else if case let octal = rest.prefix(3).prefix(while: { $0 >= 0x30 && $0 <= 0x37 }), !octal.isEmpty,
                let scalar = UInt32(String(decoding: octal, as: UTF8.self), radix: 8).flatMap(Unicode.Scalar.init)
            {
                result += Array(String(Character(scalar)).utf8)
                rest = rest.dropFirst(octal.count)
            } else if let count = hexadecimal[letter],
                let scalar = UInt32(String(decoding: rest.dropFirst().prefix(count), as: UTF8.self), radix: 16)
                    .flatMap(Unicode.Scalar.init)
            {
                result += Array(String(Character(scalar)).utf8)
                rest = rest.dropFirst(1 + count)
            } else {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private mutating func number(_ isNegative: Bool) -> JSONValue? {
        let start = index
        while let byte = peek {
            let isSign = byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
            let followsExponent = index > start && bytes[index - 1] | 0x20 == UInt8(ascii: "e")
            let isHexadecimal = bytes[start..<index].starts(with: [0x30, 0x78])
            guard
                isDigit(byte) || isLetter(byte) || byte == UInt8(ascii: ".")
                    || isSign && followsExponent && !isHexadecimal
            else { break }
            index += 1
        }
        let digits = bytes[start..<index].filter { $0 != UInt8(ascii: "_") }
        let text = (isNegative ? "-" : "") + String(decoding: digits, as: UTF8.self).lowercased()
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
            let digits = text.drop { $0 == "-" }
            if digits.hasPrefix(prefix) {
                return Int64((isNegative ? "-" : "") + digits.dropFirst(2), radix: radix).map(JSONValue.integer)
            }
        }
        if digits.allSatisfy(isDigit) { return Int64(text).map(JSONValue.integer) ?? largeInteger(text) }
        guard digits.allSatisfy({ isDigit($0) || "eE+-.".utf8.contains($0) }) else { return nil }
        return Double(text.hasSuffix(".") ? text + "0" : text).map(JSONValue.number)
    }

    private mutating func name() -> String? {
        skipSpace()
        let start = index
        while let byte = peek, isLetter(byte) || isDigit(byte) && index > start { index += 1 }
        return index > start ? String(decoding: bytes[start..<index], as: UTF8.self) : nil
    }

    /// To the `=` that ends `name: Type[…]`.
    private mutating func skipAnnotation() {
        var depth = 0
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "("), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: ")"), UInt8(ascii: "}"): depth -= 1
            case 0x22, 0x27:
                index = Self.endOfString(bytes, index) ?? end
                continue
            case UInt8(ascii: "=") where depth <= 0: return
            default: break
            }
            index += 1
        }
    }

    private var peek: UInt8? { index < end ? bytes[index] : nil }

    private var peekAfterSpace: UInt8? {
        mutating get {
            skipSpace()
            return peek
        }
    }

    private var isAtEnd: Bool { mutating get { peekAfterSpace == nil } }

    private mutating func take(_ character: Character) -> Bool {
        guard peekAfterSpace == character.asciiValue else { return false }
        index += 1
        return true
    }

    /// White space, joined lines, and comments between them.
    private mutating func skipSpace() {
        while let byte = peek {
            if byte == UInt8(ascii: "#") {
                while let byte = peek, byte != 0x0A { index += 1 }
            } else if byte == UInt8(ascii: "\\") || [0x20, 0x09, 0x0A, 0x0D].contains(byte) {
                index += 1
            } else {
                return
            }
        }
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private func isLetter(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte == UInt8(ascii: "_")
            || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
    }
}
