import Experiments
import MicroHTTPD

/// The files of a logged model, for MLflow's page; clients go by the proxy.
extension MLflowAPI {
    @Sendable func listLoggedModelArtifacts(_ request: Request) throws -> Reply {
        let model = try loggedModel(request.capture("model_id"))
        return try list(try location(of: model), request.queryValue("artifact_directory_path") ?? "")
    }

    @Sendable func downloadLoggedModelArtifact(_ request: Request) throws -> Reply {
        let model = try loggedModel(request.capture("model_id"))
        return try download(request, below: try folder(of: try location(of: model)), field: "artifact_file_path")
    }
}
