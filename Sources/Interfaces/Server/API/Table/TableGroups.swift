import Experiments
import JSON
import MicroHTTPD

/// Runs put together by their value of a column, and which columns are worth showing.
extension NativeAPI {
    private static let maximumGroupCount = 1000
    /// A table's columns differ or do not among so many runs; more would take seconds.
    private static let sampleCount = 1000

    @Sendable func groupTable(_ request: Request) throws -> Reply {
        let query = try runQuery(request)
        guard let text = request.queryValue("by") else {
            throw QueryError(name: "by", value: "", wanted: "a column such as params.dim")
        }
        let column = try RunColumn(parsing: text)
        let limit = try number(request, "groups", default: 200, 1...Self.maximumGroupCount)
        let metrics = values(request, "metric")
        if metrics.count > 30 { throw QueryError(name: "metric", value: "…", wanted: "given at most 30 times") }
        let groups = try store.groupRuns(query, by: column, metrics: metrics, limit: limit)
        return .json { writer in
            writer.object { writer in
                writer.key("groups")
                writer.array(groups) { $0.group($1) }
            }
        }
    }

    @Sendable func listVaryingKeys(_ request: Request) throws -> Reply {
        let sample = try number(request, "runs", default: Self.sampleCount, 1...Self.sampleCount)
        let keys = try store.varyingKeys(try runQuery(request), sample: sample)
        return .json { writer in
            writer.object {
                $0.field("params", keys.params)
                $0.field("metrics", keys.metrics)
                $0.field("tags", keys.tags)
                $0.field("runCount", Int64(keys.runCount))
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func group(_ group: RunGroup) {
        object { writer in
            writer.key("value")
            writer.value(group.value)
            writer.field("count", Int64(group.count))
            writer.key("metrics")
            writer.object { writer in
                for (name, range) in group.metrics.sorted(by: { $0.key < $1.key }) {
                    writer.key(named: name)
                    writer.object {
                        $0.key("mean")
                        $0.number(range.mean)
                        $0.key("min")
                        $0.number(range.minimum)
                        $0.key("max")
                        $0.number(range.maximum)
                        $0.field("count", Int64(range.count))
                    }
                }
            }
        }
    }
}
