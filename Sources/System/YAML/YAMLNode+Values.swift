package import JSON

extension YAMLNode {
    /// The value by YAML 1.2's core schema: `yes` and `on` are text, `1e3` is a number, `0o7` is seven.
    ///
    /// As in DVC's reader, digits may be grouped by `_`. Dates stay text. An integer too large for 64 bits becomes a
    /// number if that is exact, else text, so that two different ones never become equal.
    package var value: JSONValue { value(keepingKeys: { _ in true }) }

    /// The value without the keys of mappings that are not to be seen.
    package func value(keepingKeys isKept: (YAMLNode) -> Bool) -> JSONValue {
        switch content {
        case .scalar(let text, .plain): return plainScalarValue(text)
        case .scalar(let text, _): return .string(text)
        case .sequence(let items): return .array(items.map { $0.value(keepingKeys: isKept) })
        case .mapping(let entries):
            var object = JSONObject()
            for entry in entries where isKept(entry.key) { object[entry.name] = entry.value.value(keepingKeys: isKept) }
            return .object(object)
        }
    }
}

func isNullText(_ text: String) -> Bool {
    switch text {
    case "", "~", "null", "Null", "NULL": true
    default: false
    }
}

/// What a scalar without quotes means.
package func plainScalarValue(_ text: String) -> JSONValue {
    // None of the words is longer.
    if text.utf8.count > 5 { return number(text) ?? .string(text) }
    if isNullText(text) { return .null }
    switch text {
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .number(.infinity)
    case "-.inf", "-.Inf", "-.INF": return .number(-.infinity)
    case ".nan", ".NaN", ".NAN": return .number(.nan)
    default: return number(text) ?? .string(text)
    }
}

private func number(_ text: String) -> JSONValue? {
    guard let first = text.utf8.first, isDigit(first) || "+-.".utf8.contains(first) else { return nil }
    let isNegative = first == UInt8(ascii: "-")
    let unsigned = Array(text.utf8.dropFirst(isNegative || first == UInt8(ascii: "+") ? 1 : 0))
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where unsigned.starts(with: prefix.utf8) {
        return integer(unsigned.dropFirst(2), radix: radix, isNegative: isNegative)
    }
    if unsigned.allSatisfy({ isDigit($0) || $0 == underscore }) {
        guard let first = unsigned.first, isDigit(first) else { return nil }
        return integer(unsigned[...], radix: 10, isNegative: isNegative)
    }
    return isFloat(unsigned) ? Double(text.filter { $0 != "_" }).map(JSONValue.number) : nil
}

private func integer(_ digits: ArraySlice<UInt8>, radix: Int, isNegative: Bool) -> JSONValue? {
    let text = String(decoding: digits.filter { $0 != underscore }, as: UTF8.self)
    guard let first = text.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "+") else { return nil }
    let signed = isNegative ? "-" + text : text
    if let value = Int64(signed, radix: radix) { return .integer(value) }
    guard radix == 10, text.utf8.allSatisfy(isDigit) else { return nil }
    return largeInteger(signed)
}

/// Digits, a dot or an exponent, digits: `1.`, `.5`, `1e3`, `1.5E-3`.
private func isFloat(_ text: [UInt8]) -> Bool {
    var index = 0
    func skipDigits() -> Int {
        let start = index
        while index < text.count, isDigit(text[index]) || text[index] == underscore { index += 1 }
        return index - start
    }
    var digits = text.first == underscore ? 0 : skipDigits()
    if index < text.count, text[index] == UInt8(ascii: ".") {
        index += 1
        digits += skipDigits()
    }
    guard digits > 0 else { return false }
    if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
        index += 1
        if index < text.count, text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-") { index += 1 }
        let start = index
        guard skipDigits() > 0, !text[start..<index].contains(underscore) else { return false }
    }
    return index == text.count
}

private let underscore = UInt8(ascii: "_")

private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
