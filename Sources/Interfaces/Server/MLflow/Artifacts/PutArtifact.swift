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
            throw missingValue("run_uuid")
        }
        guard let path = request.queryValue("path"), !path.isEmpty else { throw missingValue("path") }
        let target = try folder(artifactFolder(of: RunID(run)), path)
        return ArtifactUpload(target, services, maximumBytes: 10 << 20)
    }
}
