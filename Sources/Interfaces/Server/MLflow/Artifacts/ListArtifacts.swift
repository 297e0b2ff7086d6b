import Experiments
import Files
import MicroHTTPD

extension MLflowAPI {
    /// One level; names only.
    @Sendable func listProxiedArtifacts(_ request: Request) throws -> Reply {
        let folder = try ArtifactPath.parse(request.queryValue("path") ?? "")
        let entries = try store.listArtifacts(in: folder)
        return .json { writer in
            writer.object { $0.files(entries, below: "") }
        }
    }

    /// One level; paths from the run's root.
    @Sendable func listRunArtifacts(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let location = try artifactLocation(of: try run(try runID(parameters)))
        return try list(location, try parameters.string("path") ?? "")
    }

    func list(_ location: ArtifactLocation, _ path: String) throws -> Reply {
        let entries = try store.listArtifacts(in: try folder(try folder(of: location), path))
        let prefix = path.split(separator: "/").map { $0 + "/" }.joined()
        return .json { writer in
            writer.object {
                $0.field("root_uri", location.text)
                $0.files(entries, below: prefix)
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func files(_ entries: [ArtifactEntry], below prefix: String) {
        if entries.isEmpty { return }
        key("files")
        array(entries) { writer, entry in
            writer.object {
                $0.field("path", prefix + String(decoding: entry.name, as: UTF8.self))
                $0.key("is_dir")
                $0.bool(entry.sizeBytes == nil)
                if let size = entry.sizeBytes { $0.field("file_size", Int64(clamping: size)) }
            }
        }
    }
}
