import Diagnostics
import HTTP
import MicroHTTPD
import Operations

/// What the page asks of the project behind the server: its pipeline, its data, and to start runs of it.
extension NativeAPI {
    var projectRoutes: [Route] {
        [
            get("/pipeline", .worker, showPipeline),
            get("/data", .worker, listData),
            get("/launch", .worker, describeLaunch),
            // To start programs with params of one's choice is to do anything that the server's user may.
            change(.post, "/launch/plan", .needs(.admin), planLaunch),
            change(.post, "/launch", .needs(.admin), launch),
            change(.post, "/runs/{run}/stop", .needs(.admin), stopRun),
        ]
    }

    /// A server may serve a tracking store without a project beside it.
    func project() throws -> Surroundings {
        guard let project = services.project else { throw ProjectError.none }
        return project
    }
}

/// What cannot be asked of a server without a project.
enum ProjectError: UserFacingError, Equatable {
    case none

    var kind: ErrorKind { .notFound }
    var message: String { "this server has no project behind it" }
    var hint: String? { "start `repro ui` or `repro server` in a project" }
}
