/// The header fields of a request or a reply: in order, a name more than once if need be, names in any case.
///
/// No field can smuggle in another: a CR, LF or NUL in a value becomes a space, and a name that is not a token is
/// dropped (`isToken`), so that a header made from outside data needs no further check.
package struct HTTPHeaders: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    package struct Field: Sendable, Hashable {
        package let name: String
        package let value: String
    }

    package private(set) var fields: [Field] = []

    package init() {}

    package init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { append(name, value) }
    }

    /// The first value of `name`; setting replaces all of them, and nil removes them.
    package subscript(name: String) -> String? {
        get { fields.first { Self.isSame($0.name, name) }?.value }
        set {
            let place = fields.firstIndex { Self.isSame($0.name, name) } ?? fields.count
            fields.removeAll { Self.isSame($0.name, name) }
            guard let newValue, Self.isToken(name) else { return }
            fields.insert(Field(name: name, value: Self.clean(newValue)), at: min(place, fields.count))
        }
    }

    /// All values of `name`, in order.
    package func values(of name: String) -> [String] {
        fields.filter { Self.isSame($0.name, name) }.map(\.value)
    }

    /// Adds a field and keeps those of the same name.
    package mutating func append(_ name: String, _ value: String) {
        if Self.isToken(name) { fields.append(Field(name: name, value: Self.clean(value))) }
    }

    /// Adds the field of one line, `Name: value`, as it comes from the wire; anything else is not added.
    package mutating func append(line: String) {
        let bytes = Array(line.utf8)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return }
        append(String(decoding: bytes[..<colon], as: UTF8.self), String(decoding: bytes[(colon + 1)...], as: UTF8.self))
    }

    /// Whether `name` may be a field's name (RFC 9110, section 5.6.2).
    package static func isToken(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { isTokenByte[Int($0)] }
    }

    private static let isTokenByte: [Bool] = (0..<256).map { byte in
        switch UInt8(byte) {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(UInt8(byte))
        }
    }

    private static func isSame(_ a: String, _ b: String) -> Bool {
        a.utf8.count == b.utf8.count && zip(a.utf8, b.utf8).allSatisfy { lowercased($0) == lowercased($1) }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    /// Without space at either end, and on one line.
    private static func clean(_ value: String) -> String {
        var bytes = value.utf8.map { [0, 10, 13].contains($0) ? UInt8(ascii: " ") : $0 }[...]
        let isBlank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        while let first = bytes.first, isBlank(first) { bytes.removeFirst() }
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
