import Diagnostics
import JSON

struct TOMLReader {
    let bytes: [UInt8]
    let file: String
    let root: Table
    var index = 0
    var depth = 0
    /// The table that keys go to, and its path.
    private var current: Table
    private var path: [String] = []
    var ranges: [[String]: Range<Int>] = [:]

    init(bytes: [UInt8], file: String, root: Table) {
        self.bytes = bytes
        self.file = file
        self.root = root
        self.current = root
    }

    mutating func readDocument() throws {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw syntax("the file is not UTF-8 text") }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
        while true {
            skipBlank()
            guard let byte = peek else { return }
            if byte == UInt8(ascii: "[") { try readHeader() } else { try readPair(into: current, path) }
            skipSpaces()
            skipComment()
            guard peek == nil || skip("\n") || skip("\r\n") else { throw syntax("the line must end here") }
        }
    }

    /// `[a.b]` or `[[a.b]]`.
    private mutating func readHeader() throws {
        index += 1
        let isList = skip("[")
        let start = index
        let names = try readKey()
        guard skip(isList ? "]]" : "]") else { throw syntax("`]` is expected") }
        var table = root
        for name in names.dropLast() { table = try step(into: name, of: table, making: .implied, at: start) }
        path = resolvedPath(names.dropLast())
        let name = names[names.count - 1]
        if isList {
            var tables: [Table] = []
            switch table[name] {
            case nil: break
            case .tables(let existing): tables = existing
            default: throw TOMLError.duplicateKey(name, at: place(start))
            }
            current = Table(kind: .header)
            table[name] = .tables(tables + [current])
            path += [name, String(tables.count)]
            return
        }
        switch table[name] {
        case nil:
            current = Table(kind: .header)
            table[name] = .table(current)
        case .table(let existing) where existing.kind == .implied:
            existing.kind = .header
            current = existing
        default: throw TOMLError.duplicateKey(name, at: place(start))
        }
        path.append(name)
    }

    /// `a.b = value`.
    private mutating func readPair(into table: Table, _ prefix: [String]) throws {
        let start = index
        let names = try readKey()
        guard skip("=") else { throw syntax("`=` is expected after the key") }
        skipSpaces()
        var target = table
        for name in names.dropLast() { target = try step(into: name, of: target, making: .dotted, at: start) }
        let name = names[names.count - 1]
        guard target[name] == nil else { throw TOMLError.duplicateKey(name, at: place(start)) }
        let valueStart = index
        let valuePath = prefix + names
        let item = try readValue(valuePath)
        target[name] = item
        ranges[valuePath] = valueStart..<index
    }

    private func step(into name: String, of table: Table, making kind: Table.Kind, at start: Int) throws -> Table {
        switch table[name] {
        case nil:
            let made = Table(kind: kind)
            table[name] = .table(made)
            return made
        case .table(let existing) where existing.kind != .inline && (kind == .implied || existing.kind == .dotted):
            return existing
        case .tables(let tables) where kind == .implied:
            if let last = tables.last { return last }
            throw TOMLError.duplicateKey(name, at: place(start))
        default: throw TOMLError.duplicateKey(name, at: place(start))
        }
    }

    /// A header's path with the position of the last item after each list of tables.
    private func resolvedPath(_ names: ArraySlice<String>) -> [String] {
        var table = root
        var path: [String] = []
        for name in names {
            path.append(name)
            switch table[name] {
            case .table(let next): table = next
            case .tables(let tables):
                path.append(String(tables.count - 1))
                table = tables.last ?? table
            default: return path
            }
        }
        return path
    }

    private mutating func readKey() throws -> [String] {
        var names: [String] = []
        repeat {
            skipSpaces()
            switch peek {
            case UInt8(ascii: "\""): names.append(try readBasicString())
            case UInt8(ascii: "'"): names.append(try readLiteralString())
            default:
                let start = index
                while let byte = peek, isBare(byte) { index += 1 }
                if index == start { throw syntax("a key is expected") }
                names.append(String(decoding: bytes[start..<index], as: UTF8.self))
            }
            skipSpaces()
        } while skip(".")
        guard names.count <= TOMLDocument.maximumDepth else {
            throw TOMLError.tooDeep(limit: TOMLDocument.maximumDepth, at: place(index))
        }
        return names
    }

    private func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

extension TOMLReader {
    private mutating func readValue(_ path: [String]) throws -> Table.Item {
        depth += 1
        defer { depth -= 1 }
        guard depth <= TOMLDocument.maximumDepth else {
            throw TOMLError.tooDeep(limit: TOMLDocument.maximumDepth, at: place(index))
        }
        switch peek {
        case UInt8(ascii: "\""): return .value(.string(try readBasicString(orLong: true)))
        case UInt8(ascii: "'"): return .value(.string(try readLiteralString(orLong: true)))
        case UInt8(ascii: "["): return .value(try readArray(path))
        case UInt8(ascii: "{"): return .table(try readInlineTable(path))
        default: return .value(try readWord())
        }
    }

    private mutating func readArray(_ path: [String]) throws -> JSONValue {
        index += 1
        var items: [JSONValue] = []
        while true {
            skipBlank()
            if skip("]") { return .array(items) }
            let start = index
            let itemPath = path + [String(items.count)]
            switch try readValue(itemPath) {
            case .value(let value): items.append(value)
            case .table(let table): items.append(.object(table.object))
            case .tables: break
            }
            ranges[itemPath] = start..<index
            skipBlank()
            if skip("]") { return .array(items) }
            guard skip(",") else { throw syntax("`,` or `]` is expected") }
        }
    }

    private mutating func readInlineTable(_ path: [String]) throws -> Table {
        index += 1
        let table = Table(kind: .header)
        skipSpaces()
        if !skip("}") {
            while true {
                try readPair(into: table, path)
                skipSpaces()
                if skip("}") { break }
                guard skip(",") else { throw syntax("`,` or `}` is expected") }
            }
        }
        table.kind = .inline
        return table
    }

    /// A number, a flag, or a date.
    private mutating func readWord() throws -> JSONValue {
        let start = index
        while let byte = peek, isBare(byte) || "+.:".utf8.contains(byte) { index += 1 }
        var text = String(decoding: bytes[start..<index], as: UTF8.self)
        // A date may have a space before its time.
        if isDate(text), peek == 0x20, let next = peekByte(1), next >= 0x30, next <= 0x39 {
            index += 1
            let timeStart = index
            while let byte = peek, isBare(byte) || "+.:".utf8.contains(byte) { index += 1 }
            text += " " + String(decoding: bytes[timeStart..<index], as: UTF8.self)
        }
        if let value = word(text) { return value }
        index = start
        throw syntax(text.isEmpty ? "a value is expected" : "`\(text)` is not a value; text needs quotes")
    }

    private func isDate(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.count) == [4, 2, 2] && parts.allSatisfy { $0.allSatisfy(\.isNumber) }
    }

    private func word(_ text: String) -> JSONValue? {
        switch text {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "inf", "+inf": return .number(.infinity)
        case "-inf": return .number(-.infinity)
        case "nan", "+nan", "-nan": return .number(.nan)
        default: break
        }
        if let head = text.split(whereSeparator: { "T t".contains($0) }).first, isDate(String(head)) {
            return .string(text)
        }
        if text.utf8.dropFirst(2).first == UInt8(ascii: ":"), text.utf8.first.map({ $0 >= 0x30 && $0 <= 0x32 }) == true
        {
            return .string(text)
        }
        return number(text)
    }

    private func number(_ text: String) -> JSONValue? {
        guard !text.hasPrefix("_"), !text.hasSuffix("_"), !text.contains("__") else { return nil }
        let digits = text.filter { $0 != "_" }
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) {
            let rest = digits.dropFirst(2)
            guard rest.first?.isHexDigit == true else { return nil }
            return Int64(rest, radix: radix).map(JSONValue.integer)
        }
        let unsigned = digits.first.map { "+-".contains($0) } == true ? digits.dropFirst() : digits[...]
        guard let first = unsigned.utf8.first, first >= 0x30, first <= 0x39 else { return nil }
        if unsigned.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
            guard unsigned.utf8.count == 1 || first != 0x30 else { return nil }
            let signed = digits.hasPrefix("+") ? String(digits.dropFirst()) : digits
            return Int64(signed).map(JSONValue.integer) ?? largeInteger(signed)
        }
        guard unsigned.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 || "eE+-.".utf8.contains($0) }) else { return nil }
        return Double(digits).map(JSONValue.number)
    }
}

extension TOMLReader {
    private mutating func readLiteralString(orLong: Bool = false) throws -> String {
        if orLong, skip("'''") { return try readLong(until: "'''", escapes: false) }
        index += 1
        let start = index
        while let byte = peek, byte != UInt8(ascii: "'") {
            if byte == 0x0A { throw syntax("the text must end on its line") }
            index += 1
        }
        guard skip("'") else { throw syntax("the file ends inside a text") }
        return String(decoding: bytes[start..<index - 1], as: UTF8.self)
    }

    private mutating func readBasicString(orLong: Bool = false) throws -> String {
        if orLong, skip("\"\"\"") { return try readLong(until: "\"\"\"", escapes: true) }
        index += 1
        var text: [UInt8] = []
        while let byte = peek {
            if byte == 0x0A { throw syntax("the text must end on its line") }
            index += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
            if byte == UInt8(ascii: "\\") { try readEscape(into: &text) } else { text.append(byte) }
        }
        throw syntax("the file ends inside a text")
    }

    private mutating func readLong(until end: String, escapes: Bool) throws -> String {
        if !skip("\n") { _ = skip("\r\n") }
        var text: [UInt8] = []
        while let byte = peek {
            if starts(with: end) {
                // Up to two quotes may stand before the three that end it.
                if peekByte(3) == byte {
                    text.append(byte)
                } else {
                    index += 3
                    return String(decoding: text, as: UTF8.self)
                }
                index += 1
                continue
            }
            index += 1
            if escapes, byte == UInt8(ascii: "\\") {
                if !skipLineEnd() { try readEscape(into: &text) }
            } else {
                text.append(byte)
            }
        }
        throw syntax("the file ends inside a text")
    }

    /// After a backslash: nothing more on the line means that the text goes on after the white space.
    private mutating func skipLineEnd() -> Bool {
        let start = index
        skipSpaces()
        guard peek == 0x0A || starts(with: "\r\n") else {
            index = start
            return false
        }
        while let byte = peek, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { index += 1 }
        return true
    }

    private mutating func readEscape(into text: inout [UInt8]) throws {
        guard let letter = peek else { throw syntax("the file ends inside a text") }
        index += 1
        switch letter {
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): text.append(letter)
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            let count = letter == UInt8(ascii: "u") ? 4 : 8
            let digits = String(decoding: bytes[index..<min(index + count, bytes.count)], as: UTF8.self)
            guard digits.utf8.count == count, digits.allSatisfy(\.isHexDigit),
                let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init)
            else { throw syntax("unknown escape in a text") }
            index += count
            text += Array(String(Character(scalar)).utf8)
        default: throw syntax("unknown escape in a text")
        }
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private func peekByte(_ offset: Int) -> UInt8? { index + offset < bytes.count ? bytes[index + offset] : nil }

    private func starts(with text: String) -> Bool { bytes[index...].starts(with: text.utf8) }

    private mutating func skip(_ text: String) -> Bool {
        guard starts(with: text) else { return false }
        index += text.utf8.count
        return true
    }

    private mutating func skipSpaces() {
        while let byte = peek, byte == 0x20 || byte == 0x09 { index += 1 }
    }

    private mutating func skipComment() {
        if peek == UInt8(ascii: "#") { while let byte = peek, byte != 0x0A { index += 1 } }
    }

    /// Spaces, line breaks and comments.
    private mutating func skipBlank() {
        while let byte = peek {
            if byte == UInt8(ascii: "#") {
                skipComment()
            } else if [0x20, 0x09, 0x0A, 0x0D].contains(byte) {
                index += 1
            } else {
                return
            }
        }
    }

    private func syntax(_ problem: String) -> TOMLError { .syntax(problem: problem, at: place(index)) }

    private func place(_ index: Int) -> SourceLocation {
        let before = bytes[..<min(index, bytes.count)]
        let lineStart = before.lastIndex(of: 10).map { $0 + 1 } ?? 0
        let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
        return SourceLocation(file: file, line: before.count { $0 == 10 } + 1, column: column)
    }
}
