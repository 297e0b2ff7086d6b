import Diagnostics
import Experiments
import HTTP
import MicroHTTPD

/// A page of runs, in the filter language of the command line.
extension NativeAPI {
    @Sendable func listRuns(_ request: Request) throws -> Reply {
        try store.settleLostRuns(now: services.clock.now())
        let query = try runQuery(request)
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
        return try reply(try run(request))
    }

    func reply(_ run: Run) throws -> Reply {
        let record = try store.record(run.id) ?? RunRecord(run: run)
        let now = services.clock.now()
        return .json { writer in writer.nativeRun(record, now: now) }
    }
}
