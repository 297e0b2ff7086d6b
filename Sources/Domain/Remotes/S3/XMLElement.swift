/// A piece of XML as S3 and STS send it: names, text and nesting. Attributes, comments and processing instructions are
/// passed over; a document type, and entities but the five of XML, are refused.
struct XMLElement: Sendable, Equatable {
    /// Without a prefix.
    var name: String
    /// Right in this element.
    var text = ""
    var children: [XMLElement] = []

    /// Nil if `bytes` is not one well-formed element, or nests deeper than any reply that we read.
    init?(parsing bytes: [UInt8]) {
        var parser = XMLParser(bytes: bytes)
        guard let root = parser.parseDocument() else { return nil }
        self = root
    }

    init(name: String) { self.name = name }

    /// The first child of that name.
    subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

    func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }
}

private struct XMLParser {
    let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func parseDocument() -> XMLElement? {
        var open: [XMLElement] = []
        while let start = next(UInt8(ascii: "<")) {
            if var innermost = open.popLast() {
                guard let text = Self.unescape(bytes[position..<start]) else { return nil }
                innermost.text += text
                open.append(innermost)
            }
            position = start + 1
            if skips("?", until: "?>") || skips("!--", until: "-->") { continue }
            guard peek != UInt8(ascii: "!"), let end = next(UInt8(ascii: ">")) else { return nil }
            let tag = bytes[position..<end]
            position = end + 1
            if tag.first == UInt8(ascii: "/") {
                guard let closed = open.popLast(), closed.name == Self.name(tag.dropFirst()) else { return nil }
                if open.isEmpty { return closed }
                open[open.count - 1].children.append(closed)
            } else if tag.last == UInt8(ascii: "/") {
                let element = XMLElement(name: Self.name(tag.dropLast()))
                if open.isEmpty { return element }
                open[open.count - 1].children.append(element)
            } else {
                if open.count >= maxDepth { return nil }
                open.append(XMLElement(name: Self.name(tag)))
            }
        }
        return nil
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func next(_ byte: UInt8) -> Int? { bytes[position...].firstIndex(of: byte) }

    private mutating func skips(_ start: String, until end: String) -> Bool {
        guard bytes[position...].starts(with: start.utf8) else { return false }
        position = bytes[position...].firstRange(of: Array(end.utf8))?.upperBound ?? bytes.count
        return true
    }

    /// Of a tag's inside: without attributes and prefix.
    private static func name(_ tag: ArraySlice<UInt8>) -> String {
        let name = tag.prefix { ![9, 10, 13, 32].contains($0) }
        let local = name.lastIndex(of: UInt8(ascii: ":")).map { name[($0 + 1)...] } ?? name
        return String(decoding: local, as: UTF8.self)
    }

    private static func unescape(_ text: ArraySlice<UInt8>) -> String? {
        guard text.contains(UInt8(ascii: "&")) else { return String(decoding: text, as: UTF8.self) }
        var result: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "&") else {
                result.append(byte)
                continue
            }
            guard let end = rest.firstIndex(of: UInt8(ascii: ";")) else { return nil }
            let name = String(decoding: rest[..<end], as: UTF8.self)
            rest = rest[(end + 1)...]
            guard let character = character(named: name) else { return nil }
            result += Array(String(character).utf8)
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func character(named name: String) -> Character? {
        if let known = ["lt": "<", "gt": ">", "amp": "&", "quot": "\"", "apos": "'"][name] { return Character(known) }
        let number = name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst())
        guard name.hasPrefix("#"), let number, let scalar = UnicodeScalar(number) else { return nil }
        return Character(scalar)
    }
}

private let maxDepth = 16
