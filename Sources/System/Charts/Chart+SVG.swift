extension Chart {
    /// The size of the whole picture. Bars and confusion matrices grow with what they hold.
    static let width = 640.0
    static let plotHeight = 300.0
    static let top = 44.0
    static let right = 24.0

    /// The chart as an SVG document that needs nothing else: no font, no script, no style of a page.
    package func svg() -> String {
        switch content {
        case .lines(let series, let smoothing): xyDrawing(series, mark: .line(smoothing)).drawn
        case .points(let series, let isJittered): xyDrawing(series, mark: .point(isJittered: isJittered)).drawn
        case .bars(let groups, let isSorted): BarDrawing(self, groups, isSorted: isSorted).drawn
        case .confusion(let matrices, let isNormalized):
            ConfusionDrawing(self, matrices, isNormalized: isNormalized).drawn
        }
    }

    /// What a page needs to show the values under the pointer; nil where the marks carry their own.
    package func pointerData() -> ChartPointerData? {
        switch content {
        case .lines(let series, _): xyDrawing(series, mark: .line(nil)).pointerData
        case .points, .bars, .confusion: nil
        }
    }

    private func xyDrawing(_ series: [Series], mark: XYDrawing.Mark) -> XYDrawing {
        XYDrawing(self, series, mark: mark)
    }
}

/// Places of the drawn points, with what they say.
package struct ChartPointerData: Sendable, Equatable {
    package struct Line: Sendable, Equatable {
        package var label: String
        package var color: String
        /// The place from the left and from the top, and both values as text.
        package var points: [(left: Double, top: Double, x: String, y: String)]

        package static func == (a: Line, b: Line) -> Bool {
            a.label == b.label && a.color == b.color && a.points.elementsEqual(b.points) { $0 == $1 }
        }
    }

    package var left: Double
    package var right: Double
    package var top: Double
    package var bottom: Double
    package var xTitle: String
    package var lines: [Line]
}

/// What all drawings have in common: the frame, the title, axes and the legend.
struct ChartFrame {
    static let fontFamily = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
    static let ink = "#30343b"
    static let faint = "#7a808a"
    static let grid = "#e6e8ec"
    /// About what a character of the axis font takes.
    static let characterWidth = 6.1

    static func open(_ svg: inout SVGText, width: Double, height: Double, title: String) {
        svg.open(
            "svg",
            [
                ("xmlns", "http://www.w3.org/2000/svg"), ("width", coordinate(width)), ("height", coordinate(height)),
                ("viewBox", "0 0 \(coordinate(width)) \(coordinate(height))"), ("font-family", fontFamily),
                ("font-size", "11"), ("role", "img"),
            ])
        svg.element("title", [], title)
        svg.empty(
            "rect",
            [
                ("class", "paper"), ("width", coordinate(width)), ("height", coordinate(height)), ("fill", "#ffffff"),
            ])
        svg.element(
            "text",
            [
                ("class", "ink"), ("x", coordinate(width / 2)), ("y", "24"), ("text-anchor", "middle"),
                ("font-size", "14"), ("font-weight", "600"), ("fill", ink),
            ], shortened(title, to: Int(width / 8)))
    }

    static func text(
        _ svg: inout SVGText, _ text: String, x: Double, y: Double, anchor: String = "start", color: String = ink,
        turned: Bool = false, size: String? = nil
    ) {
        var attributes: SVGText.Attributes = [
            ("class", color == ink ? "ink" : color == faint ? "faint" : "mark"), ("x", coordinate(x)),
            ("y", coordinate(y)), ("text-anchor", anchor), ("fill", color),
        ]
        if let size { attributes.append(("font-size", size)) }
        if turned { attributes.append(("transform", "rotate(-90 \(coordinate(x)) \(coordinate(y)))")) }
        svg.element("text", attributes, text)
    }

    static func line(
        _ svg: inout SVGText, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, color: String = grid
    ) {
        svg.empty(
            "line",
            [
                ("class", color == grid ? "grid" : "axis"), ("x1", coordinate(x1)), ("y1", coordinate(y1)),
                ("x2", coordinate(x2)), ("y2", coordinate(y2)), ("stroke", color), ("stroke-width", "1"),
            ])
    }

    /// One item of a legend.
    struct LegendItem {
        var label: String
        var color: String
        var dash = ""
        var isLine = true
    }

    private static let legendLine = 18.0

    /// Items side by side, in as many lines as they need.
    static func legendRows(_ items: [LegendItem], width: Double) -> [[(item: LegendItem, x: Double)]] {
        if items.count < 2 { return [] }
        var rows: [[(LegendItem, Double)]] = [[]]
        var x = 0.0
        for item in items {
            let label = shortened(item.label, to: 60)
            let space = Double(label.count) * characterWidth + 44
            if x > 0, x + space > width {
                rows.append([])
                x = 0
            }
            rows[rows.count - 1].append(
                (LegendItem(label: label, color: item.color, dash: item.dash, isLine: item.isLine), x))
            x += space
        }
        return rows
    }

    static func legendHeight(_ rows: [[(item: LegendItem, x: Double)]]) -> Double {
        rows.isEmpty ? 0 : Double(rows.count) * legendLine + 8
    }

    static func legend(
        _ svg: inout SVGText, _ rows: [[(item: LegendItem, x: Double)]], left: Double, top: Double
    ) {
        for (number, row) in rows.enumerated() {
            let y = top + Double(number) * legendLine + 10
            for (item, x) in row {
                if item.isLine {
                    var attributes: SVGText.Attributes = [
                        ("class", "mark"), ("x1", coordinate(left + x)), ("y1", coordinate(y)),
                        ("x2", coordinate(left + x + 20)), ("y2", coordinate(y)), ("stroke", item.color),
                        ("stroke-width", "2"),
                    ]
                    if !item.dash.isEmpty { attributes.append(("stroke-dasharray", item.dash)) }
                    svg.empty("line", attributes)
                } else {
                    svg.empty(
                        "rect",
                        [
                            ("class", "mark"), ("x", coordinate(left + x + 4)), ("y", coordinate(y - 6)),
                            ("width", "12"),
                            ("height", "12"), ("rx", "2"), ("fill", item.color),
                        ])
                }
                text(&svg, item.label, x: left + x + 26, y: y + 4)
            }
        }
    }
}
