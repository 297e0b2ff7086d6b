import Experiments
import MicroHTTPD

/// Runs go into the bin and come out of it; doing so twice is harmless.
extension MLflowAPI {
    @Sendable func deleteRun(_ request: Request) throws -> Reply {
        let id = try runID(try Parameters(request))
        try writing(to: id) { try store.deleteRuns([id], at: now) }
        services.events.changed("run", id.text)
        return .emptyObject
    }

    @Sendable func restoreRun(_ request: Request) throws -> Reply {
        let id = try runID(try Parameters(request))
        try writing(to: id) { try store.restoreRuns([id]) }
        services.events.changed("run", id.text)
        return .emptyObject
    }
}
