/// Squares whose colour says how often a pair was seen, with the number in them; one matrix beside the other.
struct ConfusionDrawing {
    private struct Matrix {
        var label: String
        var counts: [Chart.ConfusionMatrix.Pair: Int]
    }

    private let chart: Chart
    private let matrices: [Matrix]
    private let xNames: [String]
    private let yNames: [String]
    private let isNormalized: Bool
    private let cell: Double
    private let left: Double
    private let namesHeight: Double

    init(_ chart: Chart, _ matrices: [Chart.ConfusionMatrix], isNormalized: Bool) {
        self.chart = chart
        self.isNormalized = isNormalized
        self.matrices = matrices.map { matrix in
            Matrix(
                label: matrix.label,
                counts: matrix.pairs.reduce(into: [:]) { counts, pair in counts[pair, default: 0] += 1 })
        }
        xNames = Self.inOrder(Set(matrices.flatMap { $0.pairs.map(\.x) }))
        yNames = Self.inOrder(Set(matrices.flatMap { $0.pairs.map(\.y) }))
        let widest = min(20, yNames.map(\.count).max() ?? 1)
        left = 48 + Double(widest) * ChartFrame.characterWidth
        let most = Double(max(xNames.count, yNames.count, 1))
        cell = max(14, min(56, (matrices.count > 1 ? 300 : 420) / most))
        let isNarrow = (xNames.map(\.count).max() ?? 1) > Int(cell / ChartFrame.characterWidth)
        namesHeight = isNarrow ? 12 + Double(min(14, xNames.map(\.count).max() ?? 1)) * ChartFrame.characterWidth : 18
    }

    /// Numbers by value, before the rest by name.
    private static func inOrder(_ names: Set<String>) -> [String] {
        names.sorted { a, b in
            switch (Double(a), Double(b)) {
            case (let a?, let b?): a < b
            case (_?, nil): true
            case (nil, _?): false
            case (nil, nil): a < b
            }
        }
    }

    private var matrixWidth: Double { Double(xNames.count) * cell }
    private var matrixHeight: Double { Double(yNames.count) * cell }
    private var step: Double { max(matrixWidth, 120) + left }

    var drawn: String {
        var svg = SVGText()
        let hasLabels = matrices.count > 1
        let top = Chart.top + (hasLabels ? 22 : 0)
        let bottom = top + matrixHeight
        let width = max(320, Double(max(1, matrices.count)) * step + Chart.right)
        ChartFrame.open(&svg, width: width, height: bottom + namesHeight + 32, title: chart.title)
        // One scale for all, so that equal colours are equal counts.
        let largest = matrices.flatMap(\.counts.values).max() ?? 1
        for (number, matrix) in matrices.enumerated() {
            let left = left + Double(number) * step
            if hasLabels {
                ChartFrame.text(
                    &svg, shortened(matrix.label, to: 30), x: left + matrixWidth / 2, y: top - 8, anchor: "middle")
            }
            draw(matrix, left: left, top: top, largest: largest, &svg)
            drawNames(left: left, top: top, bottom: bottom, &svg)
        }
        svg.close("svg")
        return svg.text
    }

    private func draw(_ matrix: Matrix, left: Double, top: Double, largest: Int, _ svg: inout SVGText) {
        let sums = Dictionary(grouping: matrix.counts, by: \.key.y).mapValues { $0.reduce(0) { $0 + $1.value } }
        for (row, y) in yNames.enumerated() {
            for (column, x) in xNames.enumerated() {
                let count = matrix.counts[.init(x: x, y: y)] ?? 0
                let share = Double(count) / Double(isNormalized ? max(1, sums[y] ?? 0) : max(1, largest))
                let place = (left + Double(column) * cell, top + Double(row) * cell)
                svg.open(
                    "rect",
                    [
                        ("class", "mark"), ("x", coordinate(place.0)), ("y", coordinate(place.1)),
                        ("width", coordinate(cell - 1)), ("height", coordinate(cell - 1)), ("fill", Self.color(share)),
                    ])
                let shown = isNormalized ? decimal(share, digits: 2) : "\(count)"
                let part = isNormalized ? " (\(count))" : ""
                svg.element("title", [], "\(chart.xAxis.title) \(x), \(chart.yAxis.title) \(y): \(shown)\(part)")
                svg.close("rect")
                if Double(shown.count) * ChartFrame.characterWidth < cell {
                    ChartFrame.text(
                        &svg, shown, x: place.0 + cell / 2, y: place.1 + cell / 2 + 4, anchor: "middle",
                        color: share > 0.5 ? "#ffffff" : "#1c2430")
                }
            }
        }
    }

    private func drawNames(left: Double, top: Double, bottom: Double, _ svg: inout SVGText) {
        for (row, name) in yNames.enumerated() {
            ChartFrame.text(
                &svg, shortened(name, to: 20), x: left - 8, y: top + (Double(row) + 0.5) * cell + 4, anchor: "end",
                color: ChartFrame.faint)
        }
        let isTurned = namesHeight > 18
        for (column, name) in xNames.enumerated() {
            let x = left + (Double(column) + 0.5) * cell
            ChartFrame.text(
                &svg, shortened(name, to: 14), x: isTurned ? x + 4 : x, y: bottom + (isTurned ? 8 : 14),
                anchor: isTurned ? "end" : "middle", color: ChartFrame.faint, turned: isTurned)
        }
        ChartFrame.text(
            &svg, shortened(chart.xAxis.title, to: 40), x: left + matrixWidth / 2, y: bottom + namesHeight + 16,
            anchor: "middle")
        ChartFrame.text(
            &svg, shortened(chart.yAxis.title, to: 40), x: left - self.left + 16, y: (top + bottom) / 2,
            anchor: "middle", turned: true)
    }

    /// From nearly white to a dark blue.
    private static func color(_ share: Double) -> String {
        let part = max(0, min(1, share))
        let ends: [(Double, Double)] = [(239, 24), (244, 69), (250, 122)]
        let parts = ends.map { from, to in
            let value = Int((from + (to - from) * part).rounded())
            return (value < 16 ? "0" : "") + String(value, radix: 16)
        }
        return "#" + parts.joined()
    }
}
