import Experiments
import HTTP
import MicroHTTPD
import Threads

/// One metric of several runs, drawn on the same columns of pixels: `GET /series`.
extension NativeAPI {
    private static let mostRuns = 100

    @Sendable func drawSeries(_ request: Request) throws -> Reply {
        let key = try text(request, "metric")
        let runs = try runs(request)
        let axis = axis(request)
        let extents = try runs.map { try store.extent(of: key, in: $0, along: axis) }
        let range = try range(request) ?? whole(extents)
        let drawing = SeriesDrawing(
            axis: axis, range: range, columnCount: try number(request, "columns", default: 1000, 1...10_000),
            smoothing: try smoothing(request, whole(extents)))
        let drawn = try draw(key, of: runs, as: drawing)
        return .json { writer in
            writer.object { writer in
                writer.field("metric", key)
                writer.range("range", range)
                writer.field("columns", Int64(drawing.columnCount))
                writer.key("series")
                writer.array(Array(zip(drawn, extents))) { writer, pair in
                    if let series = pair.0 { writer.series(series, pair.1, withSteps: axis != .step) }
                }
            }
        }
    }

    /// Fetching is one at a time; decoding is what takes long, and every core helps.
    private func draw(_ key: String, of runs: [Run], as drawing: SeriesDrawing) throws -> [DrawnSeries?] {
        let services = services
        let work: @Sendable (Run) throws -> DrawnSeries? = { try services.store.draw(key, of: $0, as: drawing) }
        return try mapConcurrently(runs, width: 4, work)
    }

    private func text(_ request: Request, _ name: String) throws -> String {
        if let text = request.queryValue(name), !text.isEmpty { return text }
        throw QueryError(name: name, value: "", wanted: "the name of a \(name)")
    }

    private func runs(_ request: Request) throws -> [Run] {
        let names = request.query.filter { $0.name == "run" }.map(\.value)
        guard (1...Self.mostRuns).contains(names.count) else {
            throw QueryError(
                name: "run", value: "given \(names.count) times", wanted: "one to \(Self.mostRuns) runs")
        }
        return try names.map { try store.requireRun($0) }
    }

    /// `step`, `wall`, `relative`, or `metrics.` and a name; a metric of any other name is none.
    private func axis(_ request: Request) -> SeriesDrawing.Axis {
        switch request.queryValue("x") ?? "step" {
        case "wall": .wall
        case "relative": .relative
        case let name where name.hasPrefix("metrics."): .metric(String(name.dropFirst("metrics.".count)))
        default: .step
        }
    }

    private func range(_ request: Request) throws -> ClosedRange<Double>? {
        guard request.queryValue("from") != nil || request.queryValue("to") != nil else { return nil }
        let (from, to) = (try finite(request, "from"), try finite(request, "to"))
        if from <= to { return from...to }
        throw QueryError(name: "to", value: request.queryValue("to") ?? "", wanted: "at least \(from), which `from` is")
    }

    private func finite(_ request: Request, _ name: String) throws -> Double {
        let text = request.queryValue(name) ?? ""
        if let number = Double(text), number.isFinite { return number }
        throw QueryError(name: name, value: text, wanted: "a number")
    }

    private func whole(_ extents: [ClosedRange<Double>?]) -> ClosedRange<Double> {
        ClosedRange(leastAndGreatestOf: extents.compactMap(\.self).flatMap { [$0.lowerBound, $0.upperBound] }) ?? 0...0
    }

    /// `ema:F`: halved over the fraction F of all that the runs logged, whatever part of it is looked at.
    private func smoothing(_ request: Request, _ whole: ClosedRange<Double>) throws -> SeriesSmoothing? {
        guard let text = request.queryValue("smooth"), !text.isEmpty else { return nil }
        let parts = text.split(separator: ":", maxSplits: 1)
        if parts.count == 2, let amount = Double(parts[1]), amount > 0 {
            switch parts[0] {
            case "ema" where amount <= 1:
                let span = whole.upperBound - whole.lowerBound
                return span > 0 ? .halfLife(amount * span) : nil
            case "mean" where amount <= 1_000_000: return .mean(Int(amount.rounded(.up)))
            case "gaussian" where amount <= 100_000: return .gaussian(amount)
            default: break
            }
        }
        throw QueryError(name: "smooth", value: text, wanted: "`ema:`, `mean:` or `gaussian:` and a number above 0")
    }
}

extension JSONWriter {
    fileprivate mutating func series(_ drawn: DrawnSeries, _ extent: ClosedRange<Double>?, withSteps: Bool) {
        object { writer in
            writer.field("run", drawn.run.text)
            if let extent { writer.range("extent", extent) }
            writer.key("raw")
            writer.columns(drawn.raw, withSteps: withSteps)
            if let smooth = drawn.smooth {
                writer.key("smooth")
                writer.columns(smooth, withSteps: withSteps)
            }
        }
    }

    fileprivate mutating func range(_ name: StaticString, _ range: ClosedRange<Double>) {
        key(name)
        array([range.lowerBound, range.upperBound]) { $0.number($1) }
    }

    /// Side by side, as a drawing needs them, and without what can be known from the rest: where each column is one
    /// point, that is three lists of four.
    fileprivate mutating func columns(_ columns: SeriesColumns, withSteps: Bool) {
        object { writer in
            writer.key("x")
            writer.array(columns.x) { $0.number($1) }
            writer.key("last")
            writer.array(columns.last) { $0.number($1) }
            if withSteps {
                writer.key("step")
                writer.array(columns.step) { $0.integer($1) }
            }
            if !columns.isExact {
                writer.key("first")
                writer.array(columns.first) { $0.number($1) }
                writer.key("min")
                writer.array(columns.minimum) { $0.number($1) }
                writer.key("max")
                writer.array(columns.maximum) { $0.number($1) }
                writer.key("count")
                writer.array(columns.pointCounts) { $0.integer(Int64($1)) }
            }
            if !columns.marks.isEmpty {
                writer.key("marks")
                writer.array(columns.marks) { writer, mark in
                    writer.array([mark.x, mark.value]) { $0.number($1) }
                }
            }
        }
    }
}
