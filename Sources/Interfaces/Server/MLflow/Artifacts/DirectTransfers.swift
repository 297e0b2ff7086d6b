import Experiments
import MicroHTTPD

/// Transfers past the server, which only stores in a cloud have. Clients fall back to the proxy, which streams.
extension MLflowAPI {
    @Sendable func refusePresigned(_ request: Request) throws -> Reply {
        throw MLflowError(
            .notImplemented, "Presigned downloads are not supported for the current artifact repository")
    }

    @Sendable func refusePresignedByRun(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        _ = try ArtifactPath.parse(try parameters.required("path"))
        throw MLflowError.invalid("Presigned URLs are not supported for artifacts that this server keeps")
    }
}
