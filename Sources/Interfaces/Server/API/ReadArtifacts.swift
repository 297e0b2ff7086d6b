import Experiments
import Files
import MicroHTTPD

/// Artifacts of a run: a level of a folder, or one file.
extension NativeAPI {
    @Sendable func listArtifacts(_ request: Request) throws -> Reply {
        let folder = try folder(request).appending(try ArtifactPath.parse(request.queryValue("path") ?? ""))
        let entries = try store.listArtifacts(in: folder)
        return .json { writer in
            writer.object { writer in
                writer.key("entries")
                writer.array(entries) { writer, entry in
                    writer.object {
                        $0.field("name", String(decoding: entry.name, as: UTF8.self))
                        $0.key("isFolder")
                        $0.bool(entry.sizeBytes == nil)
                        if let size = entry.sizeBytes { $0.field("sizeBytes", Int64(clamping: size)) }
                    }
                }
            }
        }
    }

    @Sendable func readArtifact(_ request: Request) throws -> Reply {
        let path = try folder(request).appending(try ArtifactPath.parse(request.capture("path")))
        guard let artifact = try store.artifact(path) else {
            throw MLflowError.missing("artifact \(request.capture("path")) does not exist")
        }
        return try ArtifactReply(services: services).reply(to: request, artifact)
    }

    private func folder(_ request: Request) throws -> RelativePath {
        try MLflowAPI(services: services).artifactFolder(of: try run(request).id)
    }
}
