/// Which bytes stand for themselves in a part of a URL; all others are written `%XX`.
package enum PercentEncoding: Sendable {
    /// Letters, digits and `-._~` only (RFC 3986, unreserved): right in every place, and what SigV4 signs.
    case component
    /// The same and `/`: a whole path.
    case path

    /// `bytes` as they are written in a URL.
    package func encode(_ bytes: some Sequence<UInt8>) -> String {
        var result: [UInt8] = []
        for byte in bytes {
            if isUnreserved(byte) || (self == .path && byte == UInt8(ascii: "/")) {
                result.append(byte)
            } else {
                result += [UInt8(ascii: "%"), hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    package func encode(_ text: String) -> String { encode(text.utf8) }

    /// The bytes that `text` stands for, decoded once; nil if a `%` is not followed by two hexadecimal digits.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var result: [UInt8] = []
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "%") else {
                result.append(byte)
                continue
            }
            guard let high = rest.next().flatMap(hexValue), let low = rest.next().flatMap(hexValue) else { return nil }
            result.append(high << 4 | low)
        }
        return result
    }

    private static func hexValue(_ digit: UInt8) -> UInt8? {
        Character(UnicodeScalar(digit)).hexDigitValue.map { UInt8($0) }
    }
}

/// One `name=value` of a URL's query, decoded.
package struct QueryItem: Sendable, Hashable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Reads `a=1&b=2`, with `+` as a space, as browsers write it; nil if an escape is broken or is not UTF-8.
    package static func parse(_ query: String) -> [QueryItem]? {
        var items: [QueryItem] = []
        for part in query.split(separator: "&") {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decode(sides[0]), let value = decode(sides.count == 2 ? sides[1] : "") else { return nil }
            items.append(QueryItem(name, value))
        }
        return items
    }

    /// `a=1&b=2`, in the order given. A value that is empty keeps its `=`.
    package static func encode(_ items: [QueryItem]) -> String {
        items.map { "\(PercentEncoding.component.encode($0.name))=\(PercentEncoding.component.encode($0.value))" }
            .joined(separator: "&")
    }

    private static func decode(_ text: Substring) -> String? {
        let spaced = text.utf8.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }
        return PercentEncoding.decode(String(decoding: spaced, as: UTF8.self)).flatMap {
            String(validating: $0, as: UTF8.self)
        }
    }
}

private let hexDigits = Array("0123456789ABCDEF".utf8)

private func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        true
    default: false
    }
}
