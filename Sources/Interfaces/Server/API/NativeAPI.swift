import Diagnostics
import Experiments
import HTTP
import MicroHTTPD

/// Our own JSON API, `/api/v1`: what the page and our own clients use. docs/api/openapi.json describes it; a test holds
/// both to the same list of paths.
struct NativeAPI: Sendable {
    let services: Services
    let options: ServerOptions
    let sessions: SessionTable

    var store: any TrackingStore { services.store }

    static let base = "/api/v1"

    var routes: [Route] {
        [
            get("/version", .event, getVersion),
            get("/experiments", .worker, listExperiments),
            get("/keys", .worker, listKeys),
            get("/runs", .worker, listRuns),
            get("/runs/{run}", .worker, showRun),
            get("/runs/{run}/stages", .worker, listStages),
            get("/runs/{run}/stages/{stage}/log", .worker, readStageLog),
            get("/runs/{run}/metrics/{key...}", .worker, readSeries),
            get("/runs/{run}/artifacts", .worker, listArtifacts),
            get("/runs/{run}/artifacts/{path...}", .worker, readArtifact),
            get("/compare", .worker, compareRuns),
            post("/runs/{run}/updates", maximumBytes: 64 << 20, updateRun),
            put("/runs/{run}/artifacts/{path...}", putRunArtifact),
            put("/runs/{run}/patch", putPatch),
            put("/models/{model}/artifacts/{path...}", putModelArtifact),
            get("/events", .event, listen),
            get("/table", .worker, listTable),
            get("/table/groups", .worker, groupTable),
            get("/table/varying", .worker, listVaryingKeys),
            get("/table/export", .worker, exportTable),
            get("/sparklines", .worker, listSparklines),
        ] + sessionRoutes + runViewRoutes + changeRoutes + modelRoutes + projectRoutes
    }

    func get(
        _ path: String, _ thread: HandlerThread, _ respond: @escaping @Sendable (Request) throws -> Reply
    ) -> Route {
        Route(
            method: .get, pattern: PathPattern(Self.base + path), access: .needs(.read), dialect: .native,
            action: .respond(maximumBodyBytes: 0, thread, respond))
    }

    /// Something that changes: a body of JSON, on a worker.
    func change(
        _ method: HTTPMethod, _ path: String, _ access: Access,
        _ respond: @escaping @Sendable (Request) throws -> Reply
    ) -> Route {
        Route(
            method: method, pattern: PathPattern(Self.base + path), access: access, dialect: .native,
            action: .respond(maximumBodyBytes: Self.maximumBodyBytes, .worker, respond))
    }

    private static let maximumBodyBytes = 1 << 20

    private func post(
        _ path: String, maximumBytes: Int, _ respond: @escaping @Sendable (Request) throws -> Reply
    ) -> Route {
        Route(
            method: .post, pattern: PathPattern(Self.base + path), access: .needs(.write), dialect: .native,
            action: .respond(maximumBodyBytes: maximumBytes, .worker, respond))
    }

    private func put(_ path: String, _ makeUpload: @escaping @Sendable (Request) throws -> any Upload) -> Route {
        Route(
            method: .put, pattern: PathPattern(Self.base + path), access: .needs(.write), dialect: .native,
            action: .upload(makeUpload))
    }

    /// The run that a path names, by id, name or the first digits of its id.
    func run(_ request: Request) throws -> Run { try store.requireRun(request.capture("run")) }

    /// A number in the query; `standard` if it is not given.
    func number(_ request: Request, _ name: String, default standard: Int, _ range: ClosedRange<Int>) throws -> Int {
        guard let text = request.queryValue(name) else { return standard }
        guard let number = Int(text), range.contains(number) else {
            throw QueryError(
                name: name, value: text, wanted: "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    @Sendable private func getVersion(_ request: Request) -> Reply {
        .json { writer in
            writer.object { $0.field("version", options.version) }
        }
    }

    @Sendable private func listen(_ request: Request) -> Reply {
        Reply(
            .ok, headers: ["Content-Type": "text/event-stream", "X-Accel-Buffering": "no"],
            body: .events(services.events.listen()))
    }
}

/// A query parameter that cannot be used.
struct QueryError: UserFacingError, Equatable {
    let name: String
    let value: String
    let wanted: String

    var kind: ErrorKind { .invalidInput }
    var message: String { "query parameter \(name) is `\(value)`, not \(wanted)" }
}
