/// The picture of a graph in a terminal: boxes in layers, lines from the bottom of one to the top of another.
///
/// Lines that cross without meeting are drawn with a gap in the horizontal one: `─│─`.
struct GraphDrawing {
    private let layout: GraphLayout
    private var canvas: [[Character]] = []

    var width: Int { layout.totalWidth }

    init(labels: [String], edges: [(from: Int, to: Int)]) {
        layout = GraphLayout(GraphLayers(labels: labels.map(printable), edges: edges))
    }

    /// The picture, a string a line.
    func lines() -> [String] {
        var drawing = self
        for layer in layout.graph.layers.indices { drawing.draw(layer) }
        return drawing.canvas.map { line in
            // A wide character covers the place after it, which is kept empty by a NUL.
            let text = String(line.filter { $0 != "\0" })
            return withoutTrailingSpaces(text)
        }
    }

    // MARK: One layer

    private mutating func draw(_ layer: Int) {
        let lines = layer == 0 ? [] : incomingLines(of: layer)
        let tracks = assignTracks(lines)
        let top = addRows((tracks.max() ?? -1) + 1)
        for (line, track) in zip(lines, tracks) { draw(line, row: top + track, from: top, to: canvas.count) }
        let row = addRows(3)
        for node in layout.graph.layers[layer] {
            if let label = layout.graph.nodes[node].label {
                drawBox(label, of: node, row: row)
            } else {
                for offset in 0..<3 { canvas[row + offset][layout.left[node]] = "│" }
            }
        }
        for line in lines { for target in line.targets where target.isBox { canvas[row][target.column] = "▼" } }
    }

    private mutating func addRows(_ count: Int) -> Int {
        let first = canvas.count
        canvas += Array(repeating: Array(repeating: " ", count: width), count: count)
        return first
    }

    private mutating func drawBox(_ label: String, of node: Int, row: Int) {
        let (left, width) = (layout.left[node], layout.widths[node])
        let side = Array(repeating: Character("─"), count: width - 2)
        canvas[row].replaceSubrange(left..<left + width, with: ["┌"] + side + ["┐"])
        canvas[row + 2].replaceSubrange(left..<left + width, with: ["└"] + side + ["┘"])
        if !layout.graph.nodes[node].children.isEmpty { canvas[row + 2][layout.center(node)] = "┬" }
        canvas[row + 1][left] = "│"
        canvas[row + 1][left + width - 1] = "│"
        var column = left + (width - displayWidth(of: label)) / 2
        for character in label {
            canvas[row + 1][column] = character
            for extra in 1..<max(1, displayWidth(of: String(character))) { canvas[row + 1][column + extra] = "\0" }
            column += displayWidth(of: String(character))
        }
    }

    // MARK: Lines

    /// All that leaves one node: it goes down, along one row, and down to each target.
    private struct Line {
        let source: Int
        var targets: [(column: Int, isBox: Bool)] = []

        var columns: ClosedRange<Int> {
            targets.reduce(source...source) { min($0.lowerBound, $1.column)...max($0.upperBound, $1.column) }
        }
        var isStraight: Bool { columns.count == 1 }
    }

    /// The lines into a layer, from left to right.
    private func incomingLines(of layer: Int) -> [Line] {
        let sources = layout.graph.layers[layer - 1].filter { !layout.graph.nodes[$0].children.isEmpty }
        let positions = Dictionary(uniqueKeysWithValues: sources.enumerated().map { ($0.element, $0.offset) })
        var lines = sources.map { Line(source: layout.center($0)) }
        let sourceColumns = Set(lines.map(\.source))
        for node in layout.graph.layers[layer] {
            let parents = layout.graph.nodes[node].parents.compactMap { positions[$0] }.sorted()
            let isBox = layout.graph.nodes[node].label != nil
            let columns = entries(of: node, from: parents.map { lines[$0].source }, avoiding: sourceColumns)
            for (parent, column) in zip(parents, columns) { lines[parent].targets.append((column, isBox)) }
        }
        return lines
    }

    /// Where the lines from `sources`, given from left to right, enter a node: straight from above if they can, else
    /// spread over the box; each in a column of its own, in their order.
    private func entries(of node: Int, from sources: [Int], avoiding taken: Set<Int>) -> [Int] {
        let (left, width) = (layout.left[node], layout.widths[node])
        if layout.graph.nodes[node].label == nil { return sources.map { _ in left } }
        var free = left + 1
        return sources.enumerated().map { index, source in
            let room = free...max(free, left + width - 2 * (sources.count - index))
            // Not at the very corner: it looks torn off.
            let isAbove = (left + 2...max(left + 2, left + width - 3)).contains(source) && room.contains(source)
            let wish = isAbove ? source : left + width * (2 * index + 1) / (2 * sources.count)
            let candidates = (0..<width).flatMap { [wish - $0, wish + $0] }
            let column = candidates.first { room.contains($0) && ($0 == source || !taken.contains($0)) }
            free = (column ?? free) + 1
            return column ?? room.lowerBound
        }
    }

    /// The row of each line's horizontal part: two that would touch get two rows. A straight line needs none.
    private func assignTracks(_ lines: [Line]) -> [Int] {
        var tracks: [[ClosedRange<Int>]] = []
        return lines.map { line in
            if line.isStraight { return -1 }
            let track = tracks.firstIndex { $0.allSatisfy { !$0.overlaps(line.columns) } } ?? tracks.count
            if track == tracks.count { tracks.append([]) }
            tracks[track].append(line.columns)
            return track
        }
    }

    /// `row`: of the horizontal part; the line begins in row `top` and ends above row `bottom`.
    private mutating func draw(_ line: Line, row: Int, from top: Int, to bottom: Int) {
        if line.isStraight {
            for each in top..<bottom { canvas[each][line.source] = "│" }
            return
        }
        for each in top..<row { canvas[each][line.source] = "│" }
        let targets = Set(line.targets.map(\.column))
        for column in line.columns {
            let isCrossed = canvas[row][column] == "│"
            let character = corner(line, column: column, goesDown: targets.contains(column))
            if !isCrossed || character != "─" { canvas[row][column] = character }
        }
        for target in targets { for each in row + 1..<bottom { canvas[each][target] = "│" } }
    }

    private func corner(_ line: Line, column: Int, goesDown: Bool) -> Character {
        let isSource = column == line.source
        let goesLeft = column > line.columns.lowerBound
        let goesRight = column < line.columns.upperBound
        return switch (isSource, goesDown, goesLeft, goesRight) {
        case (true, true, true, true): "┼"
        case (true, true, true, false): "┤"
        case (true, true, false, _): "├"
        case (true, false, true, true): "┴"
        case (true, false, true, false): "┘"
        case (true, false, false, _): "└"
        case (false, true, true, true): "┬"
        case (false, true, true, false): "┐"
        case (false, true, false, _): "┌"
        case (false, false, _, _): "─"
        }
    }
}
