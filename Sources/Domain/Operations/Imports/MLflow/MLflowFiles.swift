import Files
import HTTP
import Objects

/// Artifacts on a disk of this machine, for sources that name them by path.
struct MLflowFiles {
    let fileSystem: FileSystem
    /// Where relative paths begin.
    let base: AbsolutePath
    /// What `mlflow-artifacts:/` stands for: the folder that a server was given as its destination.
    let proxied: AbsolutePath?

    func files(at uri: String) throws -> [MLflowFile]? {
        guard let root = folder(of: uri) else { return nil }
        var found: [MLflowFile] = []
        guard try fileSystem.statusFollowingLinks(of: root)?.kind == .folder else { return [] }
        try walk(root, prefix: "", into: &found)
        return found
    }

    func store(_ file: MLflowFile, into objects: ObjectStore) throws -> Digest {
        try objects.put(file: AbsolutePath(file.place))
    }

    /// Nil for a place that is not on this disk.
    private func folder(of uri: String) -> AbsolutePath? {
        let scheme = uri.firstIndex(of: ":").map { String(uri[..<$0]) }
        let path: String
        switch scheme {
        case nil: return AbsolutePath(uri, relativeTo: base)
        case "file":
            path = String(uri.dropFirst("file:".count).drop { $0 == "/" })
            guard let decoded = PercentEncoding.decode(path[...]) else { return nil }
            return AbsolutePath("/" + String(decoding: decoded, as: UTF8.self))
        case "mlflow-artifacts":
            guard let proxied, let colon = uri.firstIndex(of: ":") else { return nil }
            path = uri[uri.index(after: colon)...].split(separator: "/").joined(separator: "/")
            guard let below = try? RelativePath(parsing: path) else { return nil }
            return proxied.appending(below)
        default: return nil
        }
    }

    private func walk(_ folder: AbsolutePath, prefix: String, into found: inout [MLflowFile]) throws {
        for name in try fileSystem.openFolder(folder).names().sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            let path = folder.appending(RelativePath(unchecked: name))
            let shown = prefix + String(decoding: name, as: UTF8.self)
            guard let status = try fileSystem.status(of: path) else { continue }
            switch status.kind {
            case .folder: try walk(path, prefix: shown + "/", into: &found)
            case .file: found.append(MLflowFile(path: shown, place: path.description, sizeBytes: status.sizeBytes))
            default: continue
            }
        }
    }
}
