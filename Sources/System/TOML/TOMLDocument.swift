import Diagnostics
package import JSON

/// A TOML 1.0 file: its values, and where in the source each stands. Dates and times are texts.
///
/// Debian has no C library for TOML, only C++ ones that would bring the C++ runtime into the binary.
package struct TOMLDocument: Sendable {
    package let source: [UInt8]
    package let file: String
    package let root: JSONObject
    /// The bytes of each value that stands behind a `=`, by its path; items of a list of tables are named by position.
    package let ranges: [[String]: Range<Int>]

    package static let maximumDepth = 128

    package init(parsing source: [UInt8], file: String) throws {
        let table = Table(kind: .header)
        var reader = TOMLReader(bytes: source, file: file, root: table)
        try reader.readDocument()
        self.source = source
        self.file = file
        self.root = table.object
        self.ranges = reader.ranges
    }

    /// The file with another value at `path`; nil if no value stands there, or if the result would not say so.
    package func setting(_ path: [String], to value: JSONValue) -> TOMLDocument? {
        guard let range = ranges[path], let text = tomlText(value) else { return nil }
        let bytes = Array(source[..<range.lowerBound] + Array(text.utf8) + source[range.upperBound...])
        return try? TOMLDocument(parsing: bytes, file: file)
    }
}

/// On one line; nil for null, which TOML does not have.
private func tomlText(_ value: JSONValue) -> String? {
    switch value {
    case .null: return nil
    case .bool, .integer, .string: return value.text()
    case .number(let number):
        if number.isNaN { return "nan" }
        if number.isInfinite { return number < 0 ? "-inf" : "inf" }
        return number.description
    case .array(let items):
        let texts = items.compactMap(tomlText)
        return texts.count == items.count ? "[" + texts.joined(separator: ", ") + "]" : nil
    case .object(let object):
        let texts = object.pairs.compactMap { key, value in
            tomlText(value).map { "\(JSONValue.string(key).text()) = \($0)" }
        }
        return texts.count == object.keys.count ? "{" + texts.joined(separator: ", ") + "}" : nil
    }
}

/// A table while it is being filled: how it came to be decides who may add to it.
final class Table {
    enum Kind {
        /// Named by `[header]`.
        case header
        /// On the way to a header: `a` of `[a.b]`; may still get a header of its own.
        case implied
        /// On the way of a dotted key: `a` of `a.b = 1`.
        case dotted
        /// `{…}`: closed.
        case inline
    }

    enum Item {
        case value(JSONValue)
        case table(Table)
        case tables([Table])
    }

    var kind: Kind
    private var keys: [String] = []
    private var items: [String: Item] = [:]

    init(kind: Kind) { self.kind = kind }

    subscript(key: String) -> Item? {
        get { items[key] }
        set {
            if items.updateValue(newValue ?? .value(.null), forKey: key) == nil { keys.append(key) }
        }
    }

    var object: JSONObject {
        var object = JSONObject()
        for key in keys {
            switch items[key] {
            case .value(let value): object[key] = value
            case .table(let table): object[key] = .object(table.object)
            case .tables(let tables): object[key] = .array(tables.map { .object($0.object) })
            case nil: break
            }
        }
        return object
    }
}
