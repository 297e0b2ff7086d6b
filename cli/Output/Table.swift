/// Rows in columns, for people: numbers to the right, cut to the width of the terminal.
struct Table {
    struct Column {
        enum Alignment { case left, right }

        let title: String
        let alignment: Alignment
        /// A column that gives way when the terminal is narrow: it is cut down to this width, not further.
        let shrinksTo: Int?

        init(_ title: String, _ alignment: Alignment = .left, shrinksTo: Int? = nil) {
            self.title = title
            self.alignment = alignment
            self.shrinksTo = shrinksTo
        }
    }

    struct Cell: ExpressibleByStringLiteral {
        let text: String
        let style: Style

        init(_ text: String, _ style: Style = .plain) {
            self.text = printable(text)
            self.style = style
        }

        init(stringLiteral text: String) { self.init(text) }
    }

    let columns: [Column]
    /// Each has as many cells as there are columns.
    private(set) var rows: [[Cell]] = []

    private static let gap = "  "

    init(_ columns: [Column]) { self.columns = columns }

    mutating func add(_ cells: [Cell]) {
        precondition(cells.count == columns.count, "a row has \(cells.count) cells for \(columns.count) columns")
        rows.append(cells)
    }

    /// How narrow it can become.
    var leastWidth: Int { columnWidths(fitting: 0).reduce(0) { $0 + $1 + Self.gap.count } - Self.gap.count }

    /// One line per row, under a line of titles if any column has one.
    func lines(palette: Palette, width: Int?) -> [String] {
        let widths = columnWidths(fitting: width)
        let titles = columns.map { Cell($0.title, .faint) }
        let shown = columns.contains { !$0.title.isEmpty } ? [titles] + rows : rows
        return shown.map { line(of: $0, widths: widths, palette: palette) }
    }

    private func columnWidths(fitting width: Int?) -> [Int] {
        var widths = columns.indices.map { index in
            rows.reduce(displayWidth(of: columns[index].title)) { max($0, displayWidth(of: $1[index].text)) }
        }
        guard let width else { return widths }
        var excess = widths.reduce(0, +) + Self.gap.count * max(0, widths.count - 1) - width
        // The widest that may shrink gives way first, one column of the terminal at a time.
        while excess > 0 {
            let candidates = columns.indices.filter { widths[$0] > columns[$0].shrinksTo ?? .max }
            guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    private func line(of cells: [Cell], widths: [Int], palette: Palette) -> String {
        var parts: [String] = []
        for (index, cell) in cells.enumerated() {
            let text = truncated(cell.text, toWidth: widths[index])
            let space = String(repeating: " ", count: widths[index] - displayWidth(of: text))
            let painted = palette.paint(text, cell.style)
            switch columns[index].alignment {
            case .left: parts.append(painted + (index == cells.count - 1 ? "" : space))
            case .right: parts.append(space + painted)
            }
        }
        let line = parts.joined(separator: Self.gap)
        return withoutTrailingSpaces(line)
    }
}

extension TextStream {
    func table(_ table: Table) {
        for text in table.lines(palette: palette, width: width) { line(text) }
    }
}
