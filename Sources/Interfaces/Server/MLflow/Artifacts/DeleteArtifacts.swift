import Experiments
import Files
import MicroHTTPD

extension MLflowAPI {
    /// A file, or a folder with all in it. The objects stay until they are collected.
    @Sendable func deleteArtifacts(_ request: Request) throws -> Reply {
        let path = try ArtifactPath.parse(request.capture("path"))
        if path.isRoot { throw ArtifactPath.invalidPath }
        try store.removeArtifacts(atOrBelow: path)
        return .emptyObject
    }
}
