import Experiments
import Files
import HTTP
import MicroHTTPD

extension MLflowAPI {
    private static let proxies = ["/api/2.0/mlflow-artifacts/", "/ajax-api/2.0/mlflow-artifacts/"]

    var artifactRoutes: [Route] {
        let proxy = Self.proxies.flatMap { base in
            [
                Route(
                    method: .put, pattern: PathPattern(base + "artifacts/{path...}"), access: .needs(.write),
                    dialect: .mlflow, action: .upload(putArtifact)),
                Self.one(.get, base + "artifacts/{path...}", .needs(.read), .worker, downloadArtifact),
                Self.one(.get, base + "artifacts", .needs(.read), .worker, listProxiedArtifacts),
                Self.one(.delete, base + "artifacts/{path...}", .needs(.write), .worker, deleteArtifacts),
                Self.one(.get, base + "presigned/{path...}", .needs(.read), .event, refusePresigned),
            ]
        }
        return proxy + multipartRoutes
            + [
                Self.both(.get, "mlflow/artifacts/list", .read, .worker, listRunArtifacts),
                Self.both(.post, "mlflow/artifacts/presigned-upload-url", .write, .event, refusePresignedByRun),
                Self.both(.post, "mlflow/artifacts/presigned-download-url", .read, .event, refusePresignedByRun),
                [
                    Self.one(.get, "/get-artifact", .needs(.read), .worker, downloadRunArtifact),
                    Self.one(.get, "/model-versions/get-artifact", .needs(.read), .worker, downloadVersionArtifact),
                    Route(
                        method: .post, pattern: PathPattern("/ajax-api/2.0/mlflow/upload-artifact"),
                        access: .needs(.write), dialect: .mlflow, action: .upload(uploadRunArtifact)),
                ],
            ].flatMap(\.self)
    }

    /// Where a run's artifacts are in our store; refused if they are elsewhere.
    func artifactFolder(of run: RunID) throws -> RelativePath {
        try folder(of: try artifactLocation(of: try self.run(run)))
    }

    func folder(of location: ArtifactLocation) throws -> RelativePath {
        guard let folder = location.folder else {
            throw MLflowError.invalid("the artifacts at '\(location.text)' are not kept by this server")
        }
        return try ArtifactPath.parse(folder)
    }

    func folder(_ base: RelativePath, _ path: String?) throws -> RelativePath {
        guard let path, !path.isEmpty else { return base }
        return base.appending(try ArtifactPath.parse(path))
    }
}
