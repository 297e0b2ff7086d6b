import Diagnostics
import JSON

/// A text with `${…}` in it, taken apart. `\${` stands for itself, for the shell; a `${` that is not closed on its line
/// does too.
struct Template {
    enum Part: Equatable {
        case literal(String)
        /// What stands between the braces, and how many `${` come before it in the text, for its place in the file.
        case expression(String, number: Int)
    }

    let parts: [Part]

    /// Nil if the text has no `${`, which is nearly always.
    init?(_ text: String) {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return nil }
        let bytes = Array(text.utf8)
        guard var next = Self.opening(in: bytes, from: 0) else { return nil }
        var parts: [Part] = []
        var literal: [UInt8] = []
        var index = 0
        var number = 0
        while true {
            literal += bytes[index..<next]
            let start = next + 2
            let isEscaped = literal.last == UInt8(ascii: "\\")
            let end = bytes[start...].firstIndex { $0 == UInt8(ascii: "}") || $0 == UInt8(ascii: "\n") }
            if isEscaped || end.map({ bytes[$0] }) != UInt8(ascii: "}") {
                if isEscaped { literal.removeLast() }
                literal += bytes[next..<start]
                index = start
            } else if let end {
                if !literal.isEmpty { parts.append(.literal(String(decoding: literal, as: UTF8.self))) }
                literal = []
                parts.append(.expression(String(decoding: bytes[start..<end], as: UTF8.self), number: number))
                index = end + 1
            }
            number += 1
            guard let following = Self.opening(in: bytes, from: index) else { break }
            next = following
        }
        literal += bytes[index...]
        if !literal.isEmpty || parts.isEmpty { parts.append(.literal(String(decoding: literal, as: UTF8.self))) }
        self.parts = parts
    }

    private static func opening(in bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        while index + 1 < bytes.count {
            if bytes[index] == UInt8(ascii: "$"), bytes[index + 1] == UInt8(ascii: "{") { return index }
            index += 1
        }
        return nil
    }

    /// The names on the way to a value: `a.b[0]` is `a`, `b`, `0`. Nil if it cannot be read.
    static func path(of expression: String) -> [String]? {
        var rest = Substring(expression)
        var names: [String] = []
        func takeName() -> Bool {
            let word = rest.prefix { !".[]".contains($0) }
            rest = rest.dropFirst(word.count)
            let trimmed = word.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()
            names.append(String(trimmed))
            return !trimmed.isEmpty
        }
        guard takeName() else { return nil }
        while let separator = rest.popFirst() {
            guard separator != "]", takeName() else { return nil }
            if separator == "[" {
                guard rest.popFirst() == "]" else { return nil }
                rest = rest.drop(while: \.isWhitespace)
            }
            if let next = rest.first, next != ".", next != "[" { return nil }
        }
        return names
    }
}

/// A value inside a text, spelled as Python spells it, but for `true` and `false`. Nil for a list or a mapping.
func templateText(_ value: JSONValue) -> String? {
    switch value {
    case .null: "None"
    case .bool(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .number(let value): value.isNaN ? "nan" : value.isInfinite ? (value < 0 ? "-inf" : "inf") : value.description
    case .string(let text): text
    case .array, .object: nil
    }
}

/// The leaves of nested mappings with dotted names; lists are leaves, and empty mappings vanish.
func flattened(_ object: JSONObject, prefix: String = "") -> [(name: String, value: JSONValue)] {
    object.pairs.flatMap { key, value in
        let name = prefix.isEmpty ? key : "\(prefix).\(key)"
        if case .object(let inner) = value { return flattened(inner, prefix: name) }
        return [(name, value)]
    }
}
