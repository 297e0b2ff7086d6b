import HTTP
import MicroHTTPD

/// What the pages of one run and of several runs ask for, beside the run itself.
extension NativeAPI {
    var runViewRoutes: [Route] {
        [
            change(.patch, "/runs/{run}", .needs(.write), changeRun),
            get("/series", .worker, drawSeries),
            get("/runs/{run}/files", .worker, listRunFiles),
            get("/runs/{run}/files/{path...}", .worker, readRunFile),
            get("/runs/{run}/lineage", .worker, readLineage),
            get("/runs/{run}/patch", .worker, readPatch),
            get("/divergence", .worker, findDivergence),
        ]
    }
}
