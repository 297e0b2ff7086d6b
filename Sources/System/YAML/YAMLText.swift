package import JSON

/// How values are written as YAML.
package enum YAMLText {
    /// JSON in which all characters are escaped that YAML takes for line breaks or does not allow: to JSON they are letters.
    package static func oneLine(json: String) -> String {
        if json.utf8.allSatisfy({ $0 < 0x7F }) { return json }
        var result = ""
        for scalar in json.unicodeScalars {
            switch scalar.value {
            case 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// On one line: `[1, {a: b}]`.
    package static func flow(_ value: JSONValue) -> String {
        switch value {
        case .null: return "null"
        case .bool(let flag): return flag ? "true" : "false"
        case .integer(let number): return String(number)
        case .number(let number): return text(of: number)
        case .string(let text): return quotedIfNeeded(text, inFlow: true)
        case .array(let items): return "[" + items.map(flow).joined(separator: ", ") + "]"
        case .object(let object):
            let pairs = object.pairs.map { "\(quotedIfNeeded($0.key, inFlow: true)): \(flow($0.value))" }
            return "{" + pairs.joined(separator: ", ") + "}"
        }
    }

    /// As whole lines, indented; what `key:` or `-` is followed by. A scalar stays on the line: ` 5`.
    package static func block(_ value: JSONValue, indentation: Int, lineBreak: String = "\n") -> String {
        let margin = lineBreak + String(repeating: " ", count: indentation)
        switch value {
        case .object(let object) where !object.isEmpty:
            return object.pairs.map { key, value in
                let inner = block(value, indentation: indentation + 2, lineBreak: lineBreak)
                return margin + quotedIfNeeded(key, inFlow: false) + ":" + inner
            }.joined()
        case .array(let items) where !items.isEmpty:
            return items.map { item in
                let inner = block(item, indentation: indentation + 2, lineBreak: lineBreak)
                // The first key of a mapping stands beside the dash.
                let isNested = inner.hasPrefix(lineBreak)
                let rest = isNested ? " " + inner.dropFirst(lineBreak.count).drop { $0 == " " } : inner
                return margin + "-" + rest
            }.joined()
        case .string(let text) where isPlainInBlock(text): return " " + text
        case .string(let text) where text.contains("\n"):
            return blockText(text, margin: margin) ?? " " + flow(value)
        default: return " " + flow(value)
        }
    }

    /// A whole file of ours: `stages:` and so on, ending with a line break.
    package static func document(_ object: JSONObject) -> String {
        if object.isEmpty { return "{}\n" }
        return String(block(.object(object), indentation: 0).dropFirst()) + "\n"
    }

    package static func key(_ name: String) -> String { quotedIfNeeded(name, inFlow: true) }

    /// Several lines as `|`; nil if that cannot hold them.
    private static func blockText(_ text: String, margin: String) -> String? {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let isWritable = text.unicodeScalars.allSatisfy { isPrintable($0) || $0 == "\n" || $0 == "\t" }
        guard isWritable, let first = lines.first, !first.isEmpty, first.first != " ", first.first != "\t" else {
            return nil
        }
        let endsWithBreak = lines.last?.isEmpty == true
        if endsWithBreak { lines.removeLast() }
        guard lines.last?.isEmpty == false, lines.last?.allSatisfy({ $0 == " " }) == false else { return nil }
        return (endsWithBreak ? " |" : " |-") + lines.map { $0.isEmpty ? "\n" : margin + $0 }.joined()
    }

    /// PyYAML reads `1e-05` as text, and many a training script uses PyYAML: `1.0e-05`.
    private static func text(of number: Double) -> String {
        if number.isNaN { return ".nan" }
        if number.isInfinite { return number < 0 ? "-.inf" : ".inf" }
        let text = number.description
        guard let exponent = text.firstIndex(of: "e"), !text.contains(".") else { return text }
        return text[..<exponent] + ".0" + text[exponent...]
    }

    private static func isPlainInBlock(_ text: String) -> Bool { quotedIfNeeded(text, inFlow: false) == text }

    private static func quotedIfNeeded(_ text: String, inFlow: Bool) -> String {
        if isSafePlain(text, inFlow: inFlow) { return text }
        if text.unicodeScalars.allSatisfy(isPrintable) {
            let doubled = text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
            return "'" + doubled + "'"
        }
        return oneLine(json: JSONValue.string(text).text())
    }

    /// Whether the text without quotes is read as the same text, by YAML 1.1 readers too.
    private static func isSafePlain(_ text: String, inFlow: Bool) -> Bool {
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last else { return false }
        guard case .string = plainScalarValue(text), !wordsOfYAML11.contains(text.lowercased()) else { return false }
        guard !"-?:,[]{}#&*!|>'\"%@`= ".unicodeScalars.contains(first), last != " ", last != ":" else { return false }
        // Dates, times and the like: types to some readers.
        if "0123456789+.".unicodeScalars.contains(first), !text.contains(where: \.isLetter) { return false }
        if inFlow, text.unicodeScalars.contains(where: { ",[]{}".unicodeScalars.contains($0) }) { return false }
        return text.unicodeScalars.allSatisfy(isPrintable) && !text.contains(": ") && !text.contains(" #")
    }

    private static let wordsOfYAML11: Set<String> = ["y", "n", "yes", "no", "on", "off", "<<"]

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20..<0x7F, 0xA0..<0x2028, 0x202A..<0xD800, 0xE000..<0xFEFF, 0xFF00..<0xFFFE, 0x10000...: true
        default: false
        }
    }
}
