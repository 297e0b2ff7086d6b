import Experiments
import Files
import MicroHTTPD

/// One file, by its path, its run or its model version.
extension MLflowAPI {
    @Sendable func downloadArtifact(_ request: Request) throws -> Reply {
        let text = request.capture("path")
        return try download(request, try ArtifactPath.parse(text), shown: text)
    }

    @Sendable func downloadRunArtifact(_ request: Request) throws -> Reply {
        guard let run = request.queryValue("run_id") ?? request.queryValue("run_uuid") else {
            throw missingValue("run_id")
        }
        _ = try ArtifactPath.parse(request.queryValue("path") ?? "")
        return try download(request, below: try artifactFolder(of: RunID(run)))
    }

    @Sendable func downloadVersionArtifact(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        _ = try ArtifactPath.parse(try parameters.string("path") ?? "")
        let version = try modelVersion(parameters)
        let location = ArtifactLocation(version.storageLocation ?? version.source)
        return try download(request, below: try folder(of: location))
    }

    func download(_ request: Request, below base: RelativePath, field: String = "path") throws -> Reply {
        guard let path = request.queryValue(field), !path.isEmpty else { throw missingValue(field) }
        return try download(request, try folder(base, path), shown: path)
    }

    private func download(_ request: Request, _ path: RelativePath, shown: String) throws -> Reply {
        guard let artifact = try store.artifact(path) else {
            if try !store.listArtifacts(in: path).isEmpty {
                throw MLflowError.invalid("'\(shown)' is a folder, not a file")
            }
            throw MLflowError.missing("No such artifact: '\(shown)'")
        }
        return try ArtifactReply(services: services).reply(to: request, artifact)
    }
}
