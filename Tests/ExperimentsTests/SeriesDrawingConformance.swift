import Diagnostics
import Testing

@testable import Experiments

@Suite struct SeriesDrawingConformance {
    @Test(arguments: StoreUnderTest.allCases)
    func `every column has the first, last, least and greatest of its points, at any zoom`(kind: StoreUnderTest) throws
    {
        let store = try kind.make()
        let run = try store.addRun("r")
        var generator = SeededGenerator(state: 7)
        var points = (0..<9000).map { point($0 * 3, Double.random(in: -1...1, using: &generator)) }
        points[4000].value = 1e6
        points[4001].value = .nan
        points[4002].value = -.infinity
        // Most in order, some late: chunks that overlap, and rows behind them.
        try log(points[2000..<9000], store, run)
        try log(points[0..<2500], store, run)
        for range in [0.0...26_997, 5_000...5_900, 11_990...12_020, -500...40_000, 12_000...12_000] {
            let drawing = SeriesDrawing(axis: .step, range: range, columnCount: 300)
            let drawn = try #require(try store.draw("m", of: run, as: drawing)).raw
            let inside = points.filter { range.contains(Double($0.step)) && $0.value.isFinite }
            let seen = drawn.x.indices.filter { range.contains(drawn.x[$0]) }
            #expect(seen.map { drawn.pointCounts[$0] }.reduce(0, +) == inside.count)
            #expect(seen.map { drawn.maximum[$0] }.max() == inside.map(\.value).max())
            #expect(seen.map { drawn.minimum[$0] }.min() == inside.map(\.value).min())
            let width = max(1, range.upperBound - range.lowerBound) / 300
            for index in seen {
                let place = min(299, Int((drawn.x[index] - range.lowerBound) / width))
                let own = inside.filter { min(299, Int((Double($0.step) - range.lowerBound) / width)) == place }
                #expect(drawn.first[index] == own.first?.value)
                #expect(drawn.last[index] == own.last?.value)
                #expect(drawn.maximum[index] == own.map(\.value).max())
                #expect(drawn.x[index] == own.last.map { Double($0.step) })
            }
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `where points are fewer than columns each comes out as it is, with its neighbours outside`(
        kind: StoreUnderTest
    ) throws {
        let store = try kind.make()
        let run = try store.addRun("r")
        try log((0..<5000).map { point($0 * 10, Double($0)) }, store, run)
        let drawing = SeriesDrawing(axis: .step, range: 20_005...20_035, columnCount: 1000)
        let drawn = try #require(try store.draw("m", of: run, as: drawing)).raw
        #expect(drawn.isExact)
        #expect(drawn.x == [20_000, 20_010, 20_020, 20_030, 20_040])
        #expect(drawn.last == [2000, 2001, 2002, 2003, 2004])
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `values that are no numbers are marked where they are`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let run = try store.addRun("r")
        try log([point(0, 1), point(1, .nan), point(2, .infinity), point(3, -.infinity), point(4, 2)], store, run)
        let drawing = SeriesDrawing(axis: .step, range: 0...4, columnCount: 100)
        let drawn = try #require(try store.draw("m", of: run, as: drawing)).raw
        #expect(drawn.x == [0, 4])
        #expect(drawn.marks.map(\.x) == [1, 2, 3])
        #expect(drawn.marks[0].value.isNaN)
        #expect(drawn.marks[1...].map(\.value) == [.infinity, -.infinity])
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a series is drawn along time, along time since the start, and along another metric`(
        kind: StoreUnderTest
    ) throws {
        let store = try kind.make()
        let run = try store.addRun("r")
        let start = run.startedAt.milliseconds
        let points = (0..<3).map { step in
            MetricPoint(step: Int64(step), timestamp: Timestamp(milliseconds: start + 500), value: Double(step))
        }
        try log(points, store, run)
        try log([point(1, 10), point(2, 20)], store, run, key: "epoch")
        func places(_ axis: SeriesDrawing.Axis, _ range: ClosedRange<Double>) throws -> [Double]? {
            try store.draw("m", of: run, as: SeriesDrawing(axis: axis, range: range, columnCount: 100))?.raw.x
        }
        let wall = Double(start + 500)
        #expect(try places(.wall, wall...wall) == [wall])
        #expect(try places(.relative, 0...1000) == [500])
        // At step 0 there was no epoch yet.
        #expect(try places(.metric("epoch"), 0...100) == [10, 20])
        #expect(try store.extent(of: "m", in: run, along: .relative) == 500...500)
        #expect(try store.extent(of: "m", in: run, along: .metric("epoch")) == 10...20)
        #expect(try store.extent(of: "m", in: run, along: .metric("absent")) == nil)
        #expect(try store.draw("absent", of: run, as: SeriesDrawing(axis: .step, range: 0...1, columnCount: 9)) == nil)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `bounds reach over chunks, rows and infinities`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let run = try store.addRun("r")
        try log((0..<3000).map { point($0, Double($0)) }, store, run)
        try log([point(3000, -.infinity), point(3001, 9999)], store, run)
        let bounds = try #require(try store.seriesBounds(run: run.id, key: "m"))
        #expect(bounds.steps == 0...3001)
        #expect(bounds.values == 0...9999)
        #expect(try store.seriesBounds(run: run.id, key: "absent") == nil)
    }

    @Test func `only the chunks of what is seen are read`() throws {
        let store = try SQLExperimentStore.inMemory()
        let run = try store.addRun("r")
        try log((0..<100_000).map { point($0, Double($0)) }, store, run)
        var read = 0
        try store.seriesParts(run: run.id, key: "m", steps: 50_000...50_100).forEach { read += $0.count }
        #expect(read < 8 * SeriesChunk.leastPoints)
        var all = 0
        try store.seriesParts(run: run.id, key: "m", steps: nil).forEach { all += $0.count }
        #expect(all == 100_000)
    }

    private func point(_ step: Int, _ value: Double) -> MetricPoint {
        MetricPoint(step: Int64(step), timestamp: Timestamp(milliseconds: Int64(step)), value: value)
    }

    private func log(
        _ points: some Sequence<MetricPoint>, _ store: any TrackingStore, _ run: Run, key: String = "m"
    ) throws {
        try store.logMetrics(points.map { Metric(key: key, point: $0) }, run: run.id, stage: nil)
    }
}

private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 33)
    }
}
