import Diagnostics
import Experiments
import JSON
import MicroHTTPD

/// The rows of a table of runs: only the columns that are shown, as a list of values, so that a page of a table of 200
/// columns is small.
extension NativeAPI {
    private static let maximumColumnCount = 300

    @Sendable func listTable(_ request: Request) throws -> Reply {
        try store.settleLostRuns(now: services.clock.now())
        var query = try runQuery(request)
        let columns = try tableColumns(request)
        query.columns = RunColumnSelection(columns)
        let page = try store.listRuns(query)
        let total = request.queryValue("total") == "true" ? try store.countRuns(query) : nil
        let now = services.clock.now()
        return .json { writer in
            writer.object { writer in
                if let total { writer.field("total", Int64(total)) }
                writer.key("rows")
                writer.array(page.records) { $0.tableRow($1, columns, now: now) }
                writer.key("hasMore")
                writer.bool(page.hasMore)
            }
        }
    }

    func tableColumns(_ request: Request) throws -> [RunColumn] {
        let texts = values(request, "column")
        if texts.count > Self.maximumColumnCount {
            throw QueryError(
                name: "column", value: "…", wanted: "given at most \(Self.maximumColumnCount) times")
        }
        return try texts.map { try RunColumn(parsing: $0) }
    }
}

extension RunColumnSelection {
    /// What the columns need, and whether a run is archived.
    init(_ columns: [RunColumn]) {
        var (params, metrics, tags): ([String], [String], [String]) = ([], [], [NativeAPI.archivedTag])
        var hasStages = false
        for column in columns {
            switch column {
            case .attribute: break
            case .param(let name): params.append(name)
            case .metric(let name): metrics.append(name)
            case .tag(let name): tags.append(name)
            case .stage: hasStages = true
            }
        }
        self.init(
            params: params.isEmpty ? .none : .some(params), metrics: metrics.isEmpty ? .none : .some(metrics),
            tags: .some(tags), includesStages: hasStages)
    }
}

extension JSONWriter {
    mutating func tableRow(_ record: RunRecord, _ columns: [RunColumn], now: Timestamp) {
        object { writer in
            writer.about(record.run, now: now)
            if record.tags[NativeAPI.archivedTag] != nil {
                writer.key("archived")
                writer.bool(true)
            }
            writer.key("values")
            writer.array(columns) { $0.value(record.value($1, now: now)) }
        }
    }
}
