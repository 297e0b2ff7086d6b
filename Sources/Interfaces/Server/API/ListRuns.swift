import Diagnostics
import Experiments
import HTTP
import MicroHTTPD

/// A page of runs, in the filter language of the command line.
extension NativeAPI {
    @Sendable func listRuns(_ request: Request) throws -> Reply {
        try store.settleLostRuns(now: services.clock.now())
        let limit = try number(request, "limit", default: 100, 1...1000)
        let offset = try number(request, "offset", default: 0, 0...Int.max)
        var query = RunQuery(limit: limit, offset: offset)
        let names = request.query.filter { $0.name == "experiment" }.map(\.value)
        if !names.isEmpty {
            query.experiments = try names.map { name in
                guard let found = try store.experiment(named: name) else {
                    throw ExperimentError.noSuchExperiment(name: name, nearest: nil)
                }
                return found.id
            }
        }
        if let filter = request.queryValue("filter"), !filter.isEmpty { query.filter = try RunFilter(parsing: filter) }
        query.sort = try request.query.filter { $0.name == "sort" && !$0.value.isEmpty }.flatMap {
            try RunSort.parse($0.value)
        }
        switch request.queryValue("deleted") {
        case "true": query.lifecycle = .deleted
        case "all": query.lifecycle = .all
        default: query.lifecycle = .active
        }
        let page = try store.listRuns(query)
        let now = services.clock.now()
        return .json { writer in
            writer.object { writer in
                writer.key("runs")
                writer.array(page.records) { $0.nativeRun($1, now: now) }
                writer.key("hasMore")
                writer.bool(page.hasMore)
            }
        }
    }

    @Sendable func showRun(_ request: Request) throws -> Reply {
        try store.settleLostRuns(now: services.clock.now())
        let run = try run(request)
        let record = try store.record(run.id) ?? RunRecord(run: run)
        let now = services.clock.now()
        return .json { writer in writer.nativeRun(record, now: now) }
    }
}
