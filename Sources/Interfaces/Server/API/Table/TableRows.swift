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

extension RunRecord {
    /// `.null` if the run has none.
    func value(_ column: RunColumn, now: Timestamp) -> JSONValue {
        switch column {
        case .param(let name): params[name] ?? .null
        case .metric(let name): metrics[name].map { .number($0.value) } ?? .null
        case .tag(let name): tags[name].map { .string($0) } ?? .null
        case .attribute(let attribute): run.value(attribute, now: now)
        case .stage(let name, let field):
            switch (stages.first { $0.stage == name }, field) {
            case (nil, _): .null
            case (let stage?, .state): .string(stage.state.rawValue)
            case (let stage?, .duration): stage.durationMilliseconds.map { .number(Double($0) / 1000) } ?? .null
            case (let stage?, .exitCode): stage.exitCode.map { .integer(Int64($0)) } ?? .null
            }
        }
    }
}

extension Run {
    fileprivate func value(_ attribute: RunAttribute, now: Timestamp) -> JSONValue {
        func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
        switch attribute {
        case .id: return text(id.text)
        case .name: return text(name)
        case .status: return text(status.rawValue)
        case .experiment: return text(experimentName)
        case .user: return text(user)
        case .host: return text(owner?.host.name)
        case .command: return text(commandLine.isEmpty ? nil : commandLine.joined(separator: " "))
        case .commit: return text(git?.commit)
        case .branch: return text(git?.branch)
        case .failure: return text(failure)
        case .startTime: return text(startedAt.description)
        case .endTime: return text(endedAt?.description)
        case .duration: return .number(Double(durationMilliseconds(now: now)) / 1000)
        }
    }
}

extension JSONWriter {
    mutating func tableRow(_ record: RunRecord, _ columns: [RunColumn], now: Timestamp) {
        let run = record.run
        object { writer in
            writer.field("id", run.id.text)
            writer.field("name", run.name)
            writer.field("experiment", run.experimentName)
            writer.field("status", run.status.rawValue)
            writer.field("startedAt", run.startedAt)
            writer.field("endedAt", run.endedAt)
            writer.field("durationMs", run.durationMilliseconds(now: now))
            writer.field("user", run.user)
            writer.field("failure", run.failure)
            writer.field("deletedAt", run.deletedAt)
            if record.tags[NativeAPI.archivedTag] != nil {
                writer.key("archived")
                writer.bool(true)
            }
            writer.key("values")
            writer.array(columns) { $0.value(record.value($1, now: now)) }
        }
    }
}
