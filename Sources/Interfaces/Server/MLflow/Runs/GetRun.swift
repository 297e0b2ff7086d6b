import Experiments
import MicroHTTPD

/// One run with all that it logged, deleted or not.
extension MLflowAPI {
    @Sendable func getRun(_ request: Request) throws -> Reply {
        let id = try runID(try Parameters(request))
        guard let record = try store.record(id) else { throw noSuchRun(id) }
        let location = try artifactLocation(of: record.run)
        let lineage = try store.lineage(run: id)
        return .json { writer in
            writer.object {
                $0.key("run")
                $0.run(record, location, lineage)
            }
        }
    }
}
