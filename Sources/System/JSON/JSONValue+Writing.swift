extension JSONValue {
    package enum Layout: Sendable {
        /// On one line, without spaces.
        case compact
        /// One key or item a line, indented by two spaces.
        case pretty
    }

    /// The value as JSON text, keys in their order. NaN and the infinities are written as Python does; they are not
    /// JSON, but everyone who writes metrics has met them.
    package func text(_ layout: Layout = .compact) -> String {
        var bytes: [UInt8] = []
        write(layout, indentation: 0, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func write(_ layout: Layout, indentation: Int, to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .integer(let value): bytes += String(value).utf8
        case .number(let value): bytes += numberText(value).utf8
        case .string(let value): writeString(value, to: &bytes)
        case .array(let items):
            writeCollection("[", "]", items, layout, indentation: indentation, to: &bytes) { item, bytes in
                item.write(layout, indentation: indentation + 2, to: &bytes)
            }
        case .object(let object):
            writeCollection("{", "}", object.pairs, layout, indentation: indentation, to: &bytes) { pair, bytes in
                writeString(pair.key, to: &bytes)
                bytes += (layout == .pretty ? ": " : ":").utf8
                pair.value.write(layout, indentation: indentation + 2, to: &bytes)
            }
        }
    }
}

/// Python's spelling of a float: `0.1`, `1e-05`, `1e+16`, `100000.0`. Swift's is the same but for NaN and infinity.
package func numberText(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
    return value.description
}

private func writeCollection<Items: Collection>(
    _ open: String, _ close: String, _ items: Items, _ layout: JSONValue.Layout, indentation: Int,
    to bytes: inout [UInt8], _ writeItem: (Items.Element, inout [UInt8]) -> Void
) {
    bytes += open.utf8
    for (number, item) in items.enumerated() {
        if number > 0 { bytes.append(UInt8(ascii: ",")) }
        if layout == .pretty { newLine(indentation + 2, to: &bytes) }
        writeItem(item, &bytes)
    }
    if layout == .pretty, !items.isEmpty { newLine(indentation, to: &bytes) }
    bytes += close.utf8
}

private func newLine(_ indentation: Int, to bytes: inout [UInt8]) {
    bytes.append(10)
    bytes += repeatElement(0x20, count: indentation)
}

private func writeString(_ text: String, to bytes: inout [UInt8]) {
    let hexadecimal = Array("0123456789abcdef".utf8)
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
        case 0x0A: bytes += "\\n".utf8
        case 0x0D: bytes += "\\r".utf8
        case 0x09: bytes += "\\t".utf8
        case 0..<0x20, 0x7F:
            bytes += "\\u00".utf8
            bytes += [hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
        default: bytes.append(byte)
        }
    }
    bytes.append(UInt8(ascii: "\""))
}
