package import Diagnostics
import JSON

/// One value of a YAML file, with its place in the source: a scalar, a sequence or a mapping.
///
/// Aliases and merge keys are resolved: an alias is a copy of what it names, marked with `isAlias`, whose range is that
/// of the alias itself. What a plain scalar means is decided when it is read as a `JSONValue`.
package struct YAMLNode: Sendable {
    package enum Content: Sendable {
        case scalar(String, ScalarStyle)
        case sequence([YAMLNode])
        case mapping([YAMLEntry])
    }

    package enum ScalarStyle: Sendable, Equatable { case plain, quoted, block }

    package var content: Content
    package var location: SourceLocation
    /// The bytes of the source that hold the value; empty just after the colon where nothing was written.
    package var range: Range<Int>
    /// Written with brackets or braces.
    package var isFlow = false
    package var isAlias = false
    /// Where the last thing written in it ends: a block collection's range goes on to the next token, over comments.
    package var contentEnd: Int

    package init(content: Content, location: SourceLocation, range: Range<Int>) {
        self.content = content
        self.location = location
        self.range = range
        self.contentEnd = range.upperBound
    }

    /// The text of a scalar, whatever its type would be; nil for a collection.
    package var text: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }

    package var items: [YAMLNode]? {
        if case .sequence(let items) = content { items } else { nil }
    }

    package var entries: [YAMLEntry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    /// `null`, `~`, or nothing at all.
    package var isNull: Bool {
        if case .scalar(let text, .plain) = content { isNullText(text) } else { false }
    }

    /// The value of `key` in a mapping.
    package subscript(key: String) -> YAMLNode? { entry(key)?.value }

    package func entry(_ key: String) -> YAMLEntry? { entries?.first { $0.key.text == key } }

    /// What it is, for messages: `a list`, `a mapping`, `a number`.
    package var kindName: String {
        switch content {
        case .sequence: return "a list"
        case .mapping: return "a mapping"
        case .scalar:
            switch value {
            case .null: return "nothing"
            case .bool: return "true or false"
            case .integer, .number: return "a number"
            default: return "text"
            }
        }
    }
}

/// A key of a mapping and its value.
package struct YAMLEntry: Sendable {
    package let key: YAMLNode
    package let value: YAMLNode
    /// It came in by a merge key (`<<`), so it stands elsewhere in the source.
    package let isMerged: Bool

    package init(key: YAMLNode, value: YAMLNode, isMerged: Bool) {
        self.key = key
        self.value = value
        self.isMerged = isMerged
    }

    package var name: String { key.text ?? "" }
}
