/// A YAML file: its source and the tree of its values.
package struct YAMLDocument: Sendable {
    package let source: [UInt8]
    /// As the user would type it; for places in messages.
    package let file: String
    /// A null scalar if the file holds nothing.
    package let root: YAMLNode

    package static let maximumBytes = 64 << 20
    package static let maximumDepth = 128
    /// How many values all aliases together may stand for.
    package static let maximumAliasedValues = 1_000_000

    package init(parsing source: [UInt8], file: String) throws {
        guard source.count <= Self.maximumBytes else {
            throw YAMLError.tooLarge(file: file, bytes: source.count, limit: Self.maximumBytes)
        }
        self.source = source
        self.file = file
        self.root = try readYAML(source, file: file)
    }
}
