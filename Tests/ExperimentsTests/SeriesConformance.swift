import Diagnostics
import Testing

@testable import Experiments

@Suite struct SeriesConformance {
    @Test(arguments: StoreUnderTest.allCases)
    func `a long series comes back as it was, whatever order it came in and however often`(kind: StoreUnderTest) throws
    {
        let store = try kind.make()
        let run = try store.addRun("r").id
        let points = (0..<7000).map { point($0, value: Double($0) / 7) }
        // Late, twice, interleaved with another series, and some one by one.
        for part in [4000..<6000, 0..<1500, 1000..<4000, 0..<100, 6000..<7000, 5000..<7000] {
            try log(points[part], store, run)
            try log(points[part].prefix(3), store, run, key: "other")
        }
        for point in points[6990...] { try log([point], store, run) }
        #expect(try store.series(run: run, key: "m") == points)
        #expect(try store.record(run)?.metrics["m"]?.point == points.last)
        try store.changeRun(run, .end(.finished, at: moment(9)))
        #expect(try store.series(run: run, key: "m") == points)
        try log(points[10..<20], store, run)
        #expect(try store.series(run: run, key: "m") == points)
        #expect(try store.series(run: run, key: "absent") == [])
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `points are read on from any of them`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let run = try store.addRun("r").id
        let points = (0..<5000).map { point($0 / 3, time: Int64($0), value: 1) }
        try log(points[...], store, run)
        var read: [MetricPoint] = []
        while true {
            let page = try store.metricPoints(run: run, key: "m", after: read.last, limit: 700)
            if page.isEmpty { break }
            read += page
        }
        #expect(read == points)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a chunk keeps NaN, infinities and any step`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let run = try store.addRun("r").id
        let special: [Double] = [.nan, .infinity, -.infinity, .leastNonzeroMagnitude, 1e308]
        var points = special.enumerated().map { point($0, value: $1) }
        points += [point(Int.max / 2, value: 1), point(Int.max, value: 2)]
        points.insert(point(Int.min, value: 0.1), at: 0)
        try log(points[...], store, run)
        // Enough of others to make chunks of them.
        try store.changeRun(run, .end(.finished, at: moment(9)))
        let many = (100..<2000).map { point($0, value: 0.5) }
        try log(many[...], store, run)
        let found = try store.series(run: run, key: "m")
        #expect(found.count == points.count + many.count)
        #expect(found[1].value.isNaN)
        #expect(found[0].step == .min)
        #expect(found.last?.step == .max)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `columns keep every spike`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let run = try store.addRun("r").id
        var points = (0..<10_000).map { point($0, value: 1) }
        points[4321].value = 99
        points[4322].value = -99
        points[7777].value = .nan
        try log(points[...], store, run)
        let columns = try store.columns(run: run, key: "m", steps: nil, count: 100)
        #expect(columns.count == 100)
        #expect(columns.map(\.pointCount).reduce(0, +) == 10_000)
        #expect(columns[43].maximum == 99)
        #expect(columns[43].minimum == -99)
        #expect(columns[99].last == points[9999])
        let part = try store.columns(run: run, key: "m", steps: 4321...4321, count: 10)
        #expect(part.map(\.maximum) == [99])
        let nan = try store.columns(run: run, key: "m", steps: 7777...7777, count: 1)
        #expect(nan.map(\.maximum) == [nil])
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `many points at once are the same as one by one, in any order and however often`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let run = try store.addRun("r").id
        var points = (0..<5000).map { point($0, value: Double($0)) }
        points[4999].value = .nan
        try log(points[100..<110], store, run)
        for part in [2000..<5000, 0..<3000, 10..<20] {
            let series = LoggedSeries(key: "m", points: Array(points[part].reversed()))
            let few = LoggedSeries(key: "few", points: [point(part.lowerBound, value: 1)])
            try store.appendSeries([series, few], run: run, stage: "train")
        }
        #expect(try store.series(run: run, key: "m").map(\.step) == points.map(\.step))
        #expect(try store.series(run: run, key: "few").map(\.step) == [0, 10, 2000])
        let latest = try #require(try store.record(run)?.metrics["m"])
        #expect(latest.point.step == 4999)
        #expect(latest.value.isNaN)
        #expect(latest.stage == "train")
    }

    private func point(_ step: Int, time: Int64? = nil, value: Double) -> MetricPoint {
        MetricPoint(
            step: Int64(step), timestamp: Timestamp(milliseconds: time ?? Int64(step % 1_000_000) * 10), value: value)
    }

    private func log(
        _ points: some Sequence<MetricPoint>, _ store: any TrackingStore, _ run: RunID, key: String = "m"
    ) throws {
        try store.logMetrics(points.map { Metric(key: key, point: $0) }, run: run, stage: nil)
    }
}
