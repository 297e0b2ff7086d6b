/// A place in a file that the user wrote; prints as `repro.yaml:14:3`.
package struct SourceLocation: Hashable, Sendable, CustomStringConvertible {
    /// The file as the user would type it.
    package let file: String
    /// From 1.
    package let line: Int
    /// From 1, in characters.
    package let column: Int

    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    package var description: String { "\(file):\(line):\(column)" }
}
