import Experiments
import MicroHTTPD

/// Small curves of the runs that a table shows right now, with the least and the greatest value of each.
extension NativeAPI {
    private static let maximumCurveCount = 2000

    @Sendable func listSparklines(_ request: Request) throws -> Reply {
        let runs = values(request, "run")
        let metrics = values(request, "metric")
        let count = try number(request, "columns", default: 24, 1...200)
        if runs.count * metrics.count > Self.maximumCurveCount {
            throw QueryError(
                name: "run", value: "…", wanted: "given for at most \(Self.maximumCurveCount) curves at once")
        }
        var curves: [(run: String, metric: String, columns: [SeriesColumn])] = []
        for run in runs {
            for metric in metrics {
                let columns = try store.columns(run: RunID(run), key: metric, steps: nil, count: count)
                if !columns.isEmpty { curves.append((run, metric, columns)) }
            }
        }
        return .json { writer in
            writer.object { writer in
                writer.key("curves")
                writer.array(curves) { writer, curve in
                    writer.object { writer in
                        writer.field("run", curve.run)
                        writer.field("metric", curve.metric)
                        writer.curve(curve.columns)
                    }
                }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func curve(_ columns: [SeriesColumn]) {
        key("points")
        array(columns) { $0.number($1.last.value) }
        extreme("min", columns.filter { $0.minimum != nil }.min { ($0.minimum ?? 0) < ($1.minimum ?? 0) }, \.minimum)
        extreme("max", columns.filter { $0.maximum != nil }.max { ($0.maximum ?? 0) < ($1.maximum ?? 0) }, \.maximum)
        field("count", Int64(columns.reduce(0) { $0 + $1.pointCount }))
        field("lastStep", columns.last?.last.step ?? 0)
    }

    /// The value, and between which steps it was logged.
    private mutating func extreme(
        _ name: StaticString, _ column: SeriesColumn?, _ value: (SeriesColumn) -> Double?
    ) {
        guard let column, let extreme = value(column) else { return }
        key(name)
        object {
            $0.key("value")
            $0.number(extreme)
            $0.field("fromStep", column.first.step)
            $0.field("toStep", column.last.step)
        }
    }
}
