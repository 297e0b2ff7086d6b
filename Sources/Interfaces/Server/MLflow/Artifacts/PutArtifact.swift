import Experiments
import Files
import HTTP
import MicroHTTPD

extension MLflowAPI {
    /// Any file, of any size: it goes to the disk as it comes.
    @Sendable func putArtifact(_ request: Request) throws -> any Upload {
        let path = try ArtifactPath.parse(request.capture("path"))
        if path.isRoot { throw ArtifactPath.invalidPath }
        return ArtifactUpload(path, services, maximumBytes: nil)
    }

    /// The page's upload, of at most 10 MiB.
    @Sendable func uploadRunArtifact(_ request: Request) throws -> any Upload {
        guard let run = request.queryValue("run_uuid") ?? request.queryValue("run_id") else {
            throw MLflowError.invalid("Request must specify run_uuid.")
        }
        guard let path = request.queryValue("path"), !path.isEmpty else {
            throw MLflowError.invalid("Request must specify path.")
        }
        let file = try ArtifactPath.parse(path)
        let target = try artifactFolder(of: RunID(run)).appending(file)
        return ArtifactUpload(target, services, minimumBytes: 1, maximumBytes: 10 << 20)
    }
}
