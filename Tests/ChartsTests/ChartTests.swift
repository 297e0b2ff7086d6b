import Testing

@testable import Charts

@Suite struct ChartTests {
    @Test(arguments: [
        (0.0, 1.0, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (0, 97, ["0", "20", "40", "60", "80", "100"]),
        (-3, 3, ["-4", "-2", "0", "2", "4"]),
        (0.00001, 0.00005, ["1e-5", "2e-5", "3e-5", "4e-5", "5e-5"]),
        (2_000_000, 6_000_000, ["2e+6", "3e+6", "4e+6", "5e+6", "6e+6"]),
    ])
    func `an axis has round numbers that hold all values`(low: Double, high: Double, labels: [String]) {
        let scale = Scale(covering: [low, high], from: 0, to: 100).rounded(ticks: 5)
        #expect(scale.ticks(5).map(\.label) == labels)
        // But for the last digit of a number.
        #expect(scale.low <= low + (high - low) * 1e-9 && scale.high >= high - (high - low) * 1e-9)
    }

    @Test func `one value alone has room around it`() {
        let scale = Scale(covering: [5], from: 0, to: 100)
        #expect(scale.place(5) == 50)
    }

    @Test func `no value at all is an axis from 0 to 1`() {
        let scale = Scale(covering: [.nan, .infinity], from: 0, to: 100)
        #expect(scale.ticks(2).map(\.label) == ["0.0", "0.5", "1.0"])
    }

    @Test func `a value that is no number breaks the line`() {
        let points = [1.0, 2, .nan, 4, 5].enumerated().map { Chart.Point(x: Double($0.offset), y: $0.element) }
        let svg = chart(.lines([.init(label: "a", color: 0, points: points)], smoothing: nil)).svg()
        #expect(svg.split(separator: "<polyline").count - 1 == 2)
    }

    @Test func `many points are thinned out without losing the peaks`() {
        var points = (0..<100_000).map { Chart.Point(x: Double($0), y: 0) }
        points[77_777].y = 9
        points[12_345].y = -9
        let thinned = XYDrawing.thinned(points)
        #expect(thinned.count < 3_000)
        #expect(thinned.contains { $0.y == 9 })
        #expect(thinned.contains { $0.y == -9 })
        #expect(thinned.first == points.first)
        #expect(thinned.last == points.last)
    }

    @Test func `smoothing leaves a straight line as it is`() {
        let points = (0..<50).map { Chart.Point(x: Double($0), y: 3 * Double($0) + 1) }
        for (smooth, point) in zip(loess(points, bandwidth: 0.3), points) { #expect(abs(smooth.y - point.y) < 1e-6) }
    }

    @Test func `smoothing takes a single peak down`() {
        var points = (0..<51).map { Chart.Point(x: Double($0), y: 0) }
        points[25].y = 10
        let smooth = loess(points, bandwidth: 0.3)
        #expect(smooth[25].y > 0 && smooth[25].y < 3)
        #expect(smooth[0].y == 0)
    }

    @Test func `points of one place are smoothed to their mean`() {
        let points = [1.0, 2, 3].map { Chart.Point(x: 7, y: $0) }
        #expect(loess(points, bandwidth: 1).map(\.y) == [2, 2, 2])
    }

    @Test func `sorted bars stand with the longest first`() throws {
        let bars: [(category: String, length: Double)] = [("small", 1), ("large", 9), ("middle", 5)]
        let svg = chart(.bars([.init(label: "a", color: 0, bars: bars)], isSorted: true)).svg()
        let places = try ["large", "middle", "small"].map { try #require(svg.firstRange(of: ">\($0)<")).lowerBound }
        #expect(places == places.sorted())
    }

    @Test func `a confusion matrix counts pairs, and shares of a row if normalized`() {
        let pairs = [("cat", "cat"), ("cat", "cat"), ("dog", "cat"), ("dog", "dog")]
        let matrix = Chart.ConfusionMatrix(label: "a", pairs: pairs.map { .init(x: $0.0, y: $0.1) })
        let counted = chart(.confusion([matrix], isNormalized: false)).svg()
        #expect(counted.contains("<title>x cat, y cat: 2</title>"))
        #expect(counted.contains("<title>x cat, y dog: 0</title>"))
        let shares = chart(.confusion([matrix], isNormalized: true)).svg()
        #expect(shares.contains("<title>x cat, y cat: 0.67 (2)</title>"))
        #expect(shares.contains("<title>x dog, y dog: 1.00 (1)</title>"))
    }

    @Test func `numbers as classes stand in the order of numbers`() throws {
        let matrix = Chart.ConfusionMatrix(label: "", pairs: ["10", "9", "2"].map { .init(x: $0, y: $0) })
        let svg = chart(.confusion([matrix], isNormalized: false)).svg()
        let places = try ["2", "9", "10"].map { try #require(svg.firstRange(of: "x \($0), y 2:")).lowerBound }
        #expect(places == places.sorted())
    }

    private func chart(_ content: Chart.Content) -> Chart {
        Chart(title: "t", xAxis: .init(title: "x"), yAxis: .init(title: "y"), content: content)
    }
}
