/// Numbers against numbers: lines, smoothed lines, clouds of points.
struct XYDrawing {
    enum Mark {
        case line(Chart.Smoothing?)
        case point(isJittered: Bool)
    }

    private let chart: Chart
    private let series: [Chart.Series]
    private let mark: Mark
    private let x: Scale
    private let y: Scale
    private let left: Double
    private let legend: [[(item: ChartFrame.LegendItem, x: Double)]]

    private static let bottom = Chart.top + Chart.plotHeight
    private static let yTickCount = 6

    init(_ chart: Chart, _ series: [Chart.Series], mark: Mark) {
        self.chart = chart
        self.series = series.map { Self.drawable($0, mark) }
        self.mark = mark
        let xs = self.series.lazy.flatMap(\.points).map(\.x)
        let ys = self.series.lazy.flatMap(\.points).map(\.y)
        let y = Scale(covering: ys, from: Self.bottom, to: Chart.top)
        self.y = chart.yAxis.categories == nil ? y.rounded(ticks: Self.yTickCount) : y
        let labels = Self.labels(chart.yAxis, self.y, count: Self.yTickCount)
        let widest = labels.map(\.label.count).max() ?? 1
        left = 40 + Double(widest) * ChartFrame.characterWidth
        x = Scale(covering: xs, from: left + Self.inset, to: Chart.width - Chart.right - Self.inset)
        legend = ChartFrame.legendRows(
            self.series.map {
                var item = ChartFrame.LegendItem(label: $0.label, color: ChartPalette.color($0.color))
                item.dash = ChartPalette.dash($0.dash)
                if case .point = mark { item.isLine = false }
                return item
            }, width: Chart.width - left - Chart.right)
    }

    /// Points at the very edge are seen whole.
    private static let inset = 6.0

    // MARK: What is drawn

    /// Without what has no place; lines in order of x, thinned out to what can be told apart.
    private static func drawable(_ series: Chart.Series, _ mark: Mark) -> Chart.Series {
        var series = series
        switch mark {
        case .line:
            series.points = series.points.filter { $0.x.isFinite && !$0.y.isInfinite }
            // Equal places keep their order.
            let order = series.points.enumerated().sorted { ($0.element.x, $0.offset) < ($1.element.x, $1.offset) }
            series.points = thinned(order.map(\.element))
        case .point:
            series.points = series.points.filter { $0.x.isFinite && $0.y.isFinite }
        }
        return series
    }

    private static let columns = 600

    /// Of each column of the picture the first, the last, the lowest and the highest point: the picture is the same.
    static func thinned(_ points: [Chart.Point]) -> [Chart.Point] {
        guard points.count > 6 * columns, let first = points.first, let last = points.last, last.x > first.x else {
            return points
        }
        var result: [Chart.Point] = []
        var start = 0
        while start < points.count {
            let column = Int((points[start].x - first.x) / (last.x - first.x) * Double(columns))
            var end = start
            var low = start
            var high = start
            while end < points.count, Int((points[end].x - first.x) / (last.x - first.x) * Double(columns)) == column {
                if points[end].y < points[low].y { low = end }
                if points[end].y > points[high].y { high = end }
                end += 1
            }
            for index in Set([start, low, high, end - 1]).sorted() { result.append(points[index]) }
            start = end
        }
        return result
    }

    var drawn: String {
        var svg = SVGText()
        let legendTop = Self.bottom + 48
        ChartFrame.open(
            &svg, width: Chart.width, height: legendTop + ChartFrame.legendHeight(legend), title: chart.title)
        drawAxes(&svg)
        for series in series {
            switch mark {
            case .line(nil): drawLine(series.points, series, &svg)
            case .line(let smoothing?):
                drawLine(series.points, series, opacity: 0.25, &svg)
                let known = series.points.filter { !$0.y.isNaN }
                drawLine(loess(known, bandwidth: smoothing.bandwidth), series, &svg)
            case .point(let isJittered): drawPoints(series, isJittered, &svg)
            }
        }
        if series.allSatisfy(\.points.isEmpty) {
            ChartFrame.text(
                &svg, "no numbers to draw", x: (left + Chart.width - Chart.right) / 2, y: Chart.top + 150,
                anchor: "middle", color: ChartFrame.faint)
        }
        ChartFrame.legend(&svg, legend, left: left, top: legendTop)
        svg.close("svg")
        return svg.text
    }

    private func drawAxes(_ svg: inout SVGText) {
        let end = Chart.width - Chart.right
        for (value, label) in Self.labels(chart.yAxis, y, count: Self.yTickCount) {
            let place = y.place(value)
            ChartFrame.line(&svg, left, place, end, place)
            ChartFrame.text(&svg, label, x: left - 8, y: place + 4, anchor: "end", color: ChartFrame.faint)
        }
        let labels = Self.labels(chart.xAxis, x, count: 8)
        // Names are cut to the room that they have.
        let room = max(3, Int((end - left) / Double(max(1, labels.count)) / ChartFrame.characterWidth))
        for (value, label) in labels {
            let place = x.place(value)
            ChartFrame.line(&svg, place, Self.bottom, place, Self.bottom + 5, color: ChartFrame.faint)
            ChartFrame.text(
                &svg, chart.xAxis.categories == nil ? label : shortened(label, to: room), x: place,
                y: Self.bottom + 18, anchor: "middle", color: ChartFrame.faint)
        }
        ChartFrame.line(&svg, left, Self.bottom, end, Self.bottom, color: ChartFrame.faint)
        ChartFrame.text(
            &svg, shortened(chart.xAxis.title, to: 80), x: (left + end) / 2, y: Self.bottom + 36, anchor: "middle")
        ChartFrame.text(
            &svg, shortened(chart.yAxis.title, to: 45), x: 16, y: Chart.top + Chart.plotHeight / 2, anchor: "middle",
            turned: true)
    }

    /// What is written along an axis: round numbers, or the names, of which some are left out if there are too many.
    private static func labels(_ axis: Chart.Axis, _ scale: Scale, count: Int) -> [(value: Double, label: String)] {
        guard let categories = axis.categories else { return scale.ticks(count) }
        let step = max(1, (categories.count + 23) / 24)
        return stride(from: 0, to: categories.count, by: step).map { (Double($0), shortened(categories[$0], to: 24)) }
    }

    /// A value that is no number breaks the line.
    private func drawLine(_ points: [Chart.Point], _ series: Chart.Series, opacity: Double = 1, _ svg: inout SVGText) {
        let color = ChartPalette.color(series.color)
        let dash = ChartPalette.dash(series.dash)
        for part in points.split(whereSeparator: { $0.y.isNaN }) {
            if part.count == 1, let point = part.first {
                svg.empty(
                    "circle",
                    [
                        ("class", "mark"), ("cx", coordinate(x.place(point.x))), ("cy", coordinate(y.place(point.y))),
                        ("r", "3"), ("fill", color), ("opacity", coordinate(opacity)),
                    ])
                continue
            }
            let places = part.map { "\(coordinate(x.place($0.x))),\(coordinate(y.place($0.y)))" }
            var attributes: SVGText.Attributes = [
                ("class", "mark"), ("points", places.joined(separator: " ")), ("fill", "none"), ("stroke", color),
                ("stroke-width", "2"), ("stroke-linejoin", "round"),
            ]
            if !dash.isEmpty { attributes.append(("stroke-dasharray", dash)) }
            if opacity < 1 { attributes.append(("opacity", coordinate(opacity))) }
            svg.empty("polyline", attributes)
        }
    }

    private func drawPoints(_ series: Chart.Series, _ isJittered: Bool, _ svg: inout SVGText) {
        let color = ChartPalette.color(series.color)
        let radius = series.points.count > 2_000 ? "1.5" : "3"
        svg.open("g", [("class", "mark"), ("fill", color), ("fill-opacity", "0.65")])
        for (number, point) in series.points.enumerated() {
            let shift = isJittered ? Self.jitter(number) : (0, 0)
            let attributes = [
                ("cx", coordinate(x.place(point.x) + shift.0)), ("cy", coordinate(y.place(point.y) + shift.1)),
                ("r", radius),
            ]
            if series.points.count > 2_000 {
                svg.empty("circle", attributes)
            } else {
                svg.open("circle", attributes)
                svg.element(
                    "title", [], "\(series.label): \(name(point.x, chart.xAxis)), \(name(point.y, chart.yAxis))")
                svg.close("circle")
            }
        }
        svg.close("g")
    }

    /// Up to 8 units to each side; always the same for one number, so that a picture can be compared with the next.
    private static func jitter(_ number: Int) -> (Double, Double) {
        var bits = UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ (bits >> 31)) &* 0xBF58_476D_1CE4_E5B9
        return (Double(bits >> 32 & 0xFFFF) / 65536 * 16 - 8, Double(bits >> 48) / 65536 * 16 - 8)
    }

    private func name(_ value: Double, _ axis: Chart.Axis) -> String {
        guard let categories = axis.categories else { return readable(value) }
        let index = Int(value.rounded())
        return categories.indices.contains(index) ? categories[index] : ""
    }

    var pointerData: ChartPointerData {
        ChartPointerData(
            left: left, right: Chart.width - Chart.right, top: Chart.top, bottom: Self.bottom,
            xTitle: chart.xAxis.title,
            lines: series.map { series in
                ChartPointerData.Line(
                    label: series.label, color: ChartPalette.color(series.color),
                    points: series.points.filter { !$0.y.isNaN }.map {
                        (x.place($0.x), y.place($0.y), name($0.x, chart.xAxis), name($0.y, chart.yAxis))
                    })
            })
    }
}
