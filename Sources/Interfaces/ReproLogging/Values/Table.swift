import Experiments
import JSON

/// Rows and columns: a confusion matrix, predictions beside what was true.
public struct Table: Sendable, Hashable {
    /// What one cell holds.
    public typealias Cell = ParamValue

    /// The names of the columns.
    public var columns: [String]
    /// Each row has one cell a column.
    public var rows: [[Cell]]

    /// A table, to which rows can be added.
    public init(columns: [String], rows: [[Cell]] = []) {
        self.columns = columns
        self.rows = rows
    }

    /// In the format that the name asks for.
    func text(for name: String) -> String {
        if name.hasSuffix(".csv") { return separated(by: ",") }
        if name.hasSuffix(".tsv") { return separated(by: "\t") }
        return JSONValue.object([
            "columns": .array(columns.map { .string($0) }), "data": .array(rows.map { .array($0.map(\.json)) }),
        ]).text()
    }

    private func separated(by separator: Unicode.Scalar) -> String {
        let lines = [columns] + rows.map { row in row.map(\.plainText) }
        return lines.map { separatedLine($0, by: separator) + "\n" }.joined()
    }
}

extension ParamValue {
    fileprivate var plainText: String {
        if case .string(let text) = self { text } else { json.text() }
    }
}
