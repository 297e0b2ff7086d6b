import Diagnostics
import Files
import JSON
import Testing

@testable import Pipelines

@Suite struct PlotTests {
    // MARK: Which plots there are

    @Test func `definitions come before the plots of stages, each once`() throws {
        let files = Self.files(
            """
            plots:
            - both.csv: {x: a}
            - curves: {y: {one.csv: [a, b], two.csv: a}, x: step, title: Curves}
            stages:
              s:
                cmd: make
                plots: [out.csv, both.csv: {x: b}]
            """, ["out.csv": "a\n1\n", "both.csv": "a,b\n1,2\n"])
        let plots = try Self.find(files)
        #expect(plots.map(\.id) == ["both.csv", "curves", "out.csv"])
        #expect(plots[0].x == .field("a"))
        #expect(plots[1].title == "Curves")
        #expect(
            try plots[1].y == [Self.source("one.csv", "a"), Self.source("one.csv", "b"), Self.source("two.csv", "a")])
    }

    @Test func `a folder stands for its files, each with the nearest definition`() throws {
        let files = Self.files(
            """
            plots:
            - plots: {x: far}
            - plots/sub: {x: near}
            """, ["plots/a.csv": "far\n1\n", "plots/sub/b.csv": "near\n1\n", "plots/sub/c.png": "x"])
        let plots = try Self.find(files)
        #expect(Set(plots.map(\.id)) == ["plots/a.csv", "plots/sub/b.csv", "plots/sub/c.png"])
        for plot in plots { #expect(plot.x == (plot.id == "plots/a.csv" ? .field("far") : .field("near"))) }
    }

    @Test func `paths start where the pipeline file is`() throws {
        let files = ProjectFiles.inMemory([
            "sub/dvc.yaml": "plots:\n- loss.csv\n- two: {y: {../a.csv: v, b.csv: v}}\n", "sub/loss.csv": "a\n1\n",
        ])
        let plots = try Self.find(files)
        #expect(plots.map(\.id) == ["sub/loss.csv", "two"])
        #expect(plots[1].y.map(\.file.description) == ["a.csv", "sub/b.csv"])
    }

    @Test func `a file that nobody declared is drawn if it is named`() throws {
        let files = Self.files("stages: {s: {cmd: make}}", ["loss.csv": "a\n1\n"])
        #expect(try Self.find(files).isEmpty)
        #expect(try Self.find(files, ["loss.csv"]).map(\.id) == ["loss.csv"])
        let error = #expect(throws: PlotError.self) { try Self.find(files, ["los.csv"]) }
        #expect(error?.message == "there is no plot and no file los.csv")
    }

    @Test func `a target is an id, a file or a folder`() throws {
        let files = Self.files(
            """
            plots:
            - a.csv
            - d/b.csv
            - named: {y: {d/c.csv: v}}
            """)
        #expect(try Self.find(files, ["named"]).map(\.id) == ["named"])
        #expect(try Self.find(files, ["d"]).map(\.id) == ["d/b.csv", "named"])
        #expect(try Self.find(files, ["a.csv", "named"]).map(\.id) == ["a.csv", "named"])
    }

    // MARK: What they hold

    @Test(arguments: [
        ("p.csv", "step,loss\n0,0.5\n1,0.25\n"),
        ("p.csv", "\u{FEFF}step,loss\r\n0,0.5\r\n\r\n1,0.25"),
        ("p.tsv", "step\tloss\n0\t0.5\n1\t0.25\n"),
        ("p.json", #"[{"step": 0, "loss": 0.5}, {"step": 1, "loss": 0.25}]"#),
        ("p.json", #"{"meta": 1, "deep": {"list": [{"step": 0, "loss": 0.5}, {"step": 1, "loss": 0.25}]}}"#),
        ("p.yaml", "train:\n- {step: 0, loss: 0.5}\n- {step: 1, loss: 0.25}\n"),
    ])
    func `each kind of file gives its points`(file: String, content: String) throws {
        let series = try Self.read(Self.files("plots: [\(file): {x: step, y: loss}]", [file: content]))
        #expect(series.map(\.field) == ["loss"])
        #expect(series[0].points.map(\.x) == [.integer(0), .integer(1)])
        #expect(series[0].points.map(\.y) == [.number(0.5), .number(0.25)])
    }

    @Test func `without x and y it is the last field over the number of the row`() throws {
        let series = try Self.read(Self.files("plots: [p.csv]", ["p.csv": "a,b\n5,7\n6,8\n"]))
        #expect(series[0].field == "b")
        #expect(series[0].xField == "step")
        #expect(series[0].points.map(\.x) == [.integer(0), .integer(1)])
        #expect(series[0].points.map(\.y) == [.integer(7), .integer(8)])
    }

    @Test func `without a header the fields have numbers`() throws {
        let files = Self.files(
            "stages: {s: {cmd: m, plots: [p.csv: {header: false, x: 0, y: '1'}]}}", ["p.csv": "5,7\n6,8\n"])
        var overrides = PlotOverrides()
        overrides.x = "0"
        let series = try Self.read(files, overrides)
        #expect(series[0].points.map(\.x) == [.integer(5), .integer(6)])
        #expect(series[0].points.map(\.y) == [.integer(7), .integer(8)])
    }

    @Test func `x may come from another file of the same length`() throws {
        let definition = "plots: [c: {x: {x.csv: t}, y: {y.csv: [v, w]}}]"
        let files = Self.files(definition, ["x.csv": "t\n10\n20\n", "y.csv": "v,w\n1,3\n2,4\n"])
        let series = try Self.read(files)
        #expect(series.map { $0.points.map(\.x) } == [[.integer(10), .integer(20)], [.integer(10), .integer(20)]])
        let short = Self.files(definition, ["x.csv": "t\n10\n", "y.csv": "v,w\n1,3\n2,4\n"])
        let error = #expect(throws: PlotError.self) { try Self.read(short) }
        #expect(error?.message == "plot c: x.csv and y.csv do not have as many points as each other")
    }

    @Test func `quotes, commas and line breaks in a field of CSV`() {
        let text = DelimitedText(Array("a,\"b \"\"c\"\", d\"\n\"line\nbreak\",2\n".utf8), delimiter: UInt8(ascii: ","))
        #expect(text.rows == [["a", "b \"c\", d"], ["line\nbreak", "2"]])
    }

    @Test func `a field that is not there is named with its neighbour`() {
        let files = Self.files("plots: [p.csv: {y: los}]", ["p.csv": "step,loss\n0,1\n"])
        let error = #expect(throws: PlotError.self) { try Self.read(files) }
        #expect(
            error?.description == """
                dvc.yaml:1:9: plot p.csv: p.csv has no field los; it has step, loss
                hint: did you mean loss?
                """)
    }

    @Test func `a picture is its bytes`() throws {
        let files = Self.files("plots: [a.PNG]", ["a.PNG": "png"])
        guard case .picture("image/png", let bytes) = try readPlot(try Self.find(files)[0], from: files) else {
            Issue.record("no picture")
            return
        }
        #expect(bytes == Array("png".utf8))
    }

    @Test func `not a number and infinity are read`() throws {
        let series = try Self.read(Self.files("plots: [p.csv]", ["p.csv": "v\nnan\ninf\n-Infinity\n1e-3\n"]))
        #expect(series[0].points.map(\.y.asNumber?.isNaN) == [true, false, false, false])
        #expect(series[0].points.dropFirst().map(\.y.asNumber) == [.infinity, -.infinity, 0.001])
    }

    // MARK: Help

    private static func files(_ pipeline: String, _ others: [String: String] = [:]) -> ProjectFiles {
        .inMemory(others.merging(["dvc.yaml": pipeline]) { a, _ in a })
    }

    @discardableResult
    private static func find(
        _ files: ProjectFiles, _ targets: [String] = [], _ overrides: PlotOverrides = PlotOverrides()
    ) throws -> [PlotSpec] {
        try findPlots(try loadPipeline(from: files), targets: targets, overrides: overrides, in: files)
    }

    @discardableResult
    private static func read(
        _ files: ProjectFiles, _ overrides: PlotOverrides = PlotOverrides()
    ) throws -> [PlotSeries] {
        guard case .series(let series) = try readPlot(try find(files, [], overrides)[0], from: files) else { return [] }
        return series
    }

    private static func source(_ file: String, _ field: String) throws -> PlotSpec.Source {
        .init(file: try RelativePath(parsing: file), field: field)
    }
}
