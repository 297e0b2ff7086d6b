import Experiments
import JSON
import MicroHTTPD
import Operations

/// Removing runs of the bin for good: what nobody can take back, for the role that may do everything.
extension NativeAPI {
    /// `runs`: by id; none: all that are in the bin. With `dryRun` it only says what would go.
    @Sendable func purgeRuns(_ request: Request) throws -> Reply {
        let body = try request.json()
        let isDryRun = try body.flag("dryRun")
        let report = try Operations.purgeRuns(
            try body.texts("runs"), isDryRun: isDryRun, in: try project(), tracking: store)
        if !isDryRun { services.events.changed("store", "") }
        return .json { writer in
            writer.object { writer in
                writer.field("runs", report.runs.map(\.id.text))
                writer.field("published", report.published.map(\.id.text))
                writer.field("freedObjects", Int64(report.freedObjects))
                writer.field("freedBytes", Int64(clamping: report.freedBytes))
                writer.field("sharedObjects", Int64(report.sharedObjects))
                writer.field("sharedBytes", Int64(clamping: report.sharedBytes))
            }
        }
    }
}
