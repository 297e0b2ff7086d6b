/// Bars to the right, one row for each category, and in it one bar for each group.
struct BarDrawing {
    private struct Row {
        var category: String
        /// For each group: how long; nil if it says nothing of this category.
        var lengths: [Double?]
    }

    private let chart: Chart
    private let groups: [Chart.BarGroup]
    private let rows: [Row]
    private let left: Double
    private let rowHeight: Double
    private let scale: Scale

    init(_ chart: Chart, _ groups: [Chart.BarGroup], isSorted: Bool) {
        self.chart = chart
        self.groups = groups
        var rows: [Row] = []
        var places: [String: Int] = [:]
        for (number, group) in groups.enumerated() {
            for bar in group.bars where bar.length.isFinite {
                let place = places[bar.category] ?? rows.count
                if place == rows.count {
                    places[bar.category] = place
                    rows.append(Row(category: bar.category, lengths: Array(repeating: nil, count: groups.count)))
                }
                rows[place].lengths[number] = bar.length
            }
        }
        // By the longest bar of a row; equal ones by name, as all are without sorting.
        func longest(_ row: Row) -> Double { row.lengths.compactMap(\.self).max() ?? -.infinity }
        rows.sort { a, b in
            if isSorted, longest(a) != longest(b) { return longest(a) > longest(b) }
            return a.category < b.category
        }
        self.rows = rows
        let widest = min(30, rows.map(\.category.count).max() ?? 1)
        left = 40 + Double(widest) * ChartFrame.characterWidth
        rowHeight = max(18, Double(groups.count) * 12 + 8)
        scale = Scale(
            covering: rows.flatMap { $0.lengths.compactMap(\.self) }, from: left, to: Chart.width - Chart.right,
            includesZero: true
        ).rounded(ticks: 6)
    }

    var drawn: String {
        var svg = SVGText()
        let bottom = Chart.top + Double(max(1, rows.count)) * rowHeight
        let items = groups.map {
            ChartFrame.LegendItem(label: $0.label, color: ChartPalette.color($0.color), isLine: false)
        }
        let legend = ChartFrame.legendRows(items, width: Chart.width - left - Chart.right)
        ChartFrame.open(
            &svg, width: Chart.width, height: bottom + 48 + ChartFrame.legendHeight(legend), title: chart.title)
        for (value, label) in scale.ticks(6) {
            let place = scale.place(value)
            ChartFrame.line(&svg, place, Chart.top, place, bottom)
            ChartFrame.text(&svg, label, x: place, y: bottom + 16, anchor: "middle", color: ChartFrame.faint)
        }
        for (number, row) in rows.enumerated() { draw(row, top: Chart.top + Double(number) * rowHeight, &svg) }
        ChartFrame.line(&svg, scale.place(0), Chart.top, scale.place(0), bottom, color: ChartFrame.faint)
        ChartFrame.text(
            &svg, shortened(chart.xAxis.title, to: 80), x: (left + Chart.width - Chart.right) / 2, y: bottom + 36,
            anchor: "middle")
        ChartFrame.text(
            &svg, shortened(chart.yAxis.title, to: max(6, Int((bottom - Chart.top) / 6))), x: 16,
            y: (Chart.top + bottom) / 2, anchor: "middle", turned: true)
        ChartFrame.legend(&svg, legend, left: left, top: bottom + 48)
        svg.close("svg")
        return svg.text
    }

    private func draw(_ row: Row, top: Double, _ svg: inout SVGText) {
        ChartFrame.text(
            &svg, shortened(row.category, to: 30), x: left - 8, y: top + rowHeight / 2 + 4, anchor: "end",
            color: ChartFrame.faint)
        let thickness = (rowHeight - 8) / Double(max(1, groups.count))
        for (number, length) in row.lengths.enumerated() {
            guard let length else { continue }
            let ends = [scale.place(0), scale.place(length)].sorted()
            svg.open(
                "rect",
                [
                    ("class", "mark"), ("x", coordinate(ends[0])),
                    ("y", coordinate(top + 4 + Double(number) * thickness)),
                    ("width", coordinate(max(0.5, ends[1] - ends[0]))), ("height", coordinate(max(1, thickness - 1))),
                    ("fill", ChartPalette.color(groups[number].color)),
                ])
            svg.element("title", [], "\(groups[number].label), \(row.category): \(readable(length))")
            svg.close("rect")
        }
    }
}
