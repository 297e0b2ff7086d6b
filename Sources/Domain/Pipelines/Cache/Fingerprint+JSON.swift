import Hashing
package import JSON
package import Objects

/// Digests and fingerprints as JSON, with the keys that lock files use too.
extension Digest {
    package var json: JSONObject {
        ["xxh3": .string(id.description), "sha256": .string(sha256.description), "size": .integer(Int64(sizeBytes))]
    }

    package init?(json: JSONValue) {
        guard case .object(let object) = json,
            case .string(let id) = object["xxh3"], let id = ObjectID(hex: id),
            case .string(let sha256) = object["sha256"], let sha256 = SHA256Digest(hex: sha256),
            case .integer(let size) = object["size"], size >= 0
        else { return nil }
        self.init(id: id, sha256: sha256, sizeBytes: UInt64(size))
    }
}

extension Fingerprint {
    package var json: JSONValue {
        var object = digest.json
        switch kind {
        case .file(let isExecutable):
            if isExecutable { object["executable"] = .bool(true) }
        case .folder(let fileCount):
            object["files"] = .integer(Int64(fileCount))
            object["tree_size"] = .integer(Int64(digest.sizeBytes))
            object["size"] = .integer(Int64(contentBytes))
        }
        return .object(object)
    }

    package init?(json: JSONValue) {
        guard case .object(var object) = json, case .integer(let size) = object["size"], size >= 0 else { return nil }
        let kind: Kind
        if case .integer(let fileCount) = object["files"] {
            kind = .folder(fileCount: Int(fileCount))
            object["size"] = object["tree_size"]
        } else {
            kind = .file(isExecutable: object["executable"] == .bool(true))
        }
        guard let digest = Digest(json: .object(object)) else { return nil }
        self.init(kind: kind, digest: digest, contentBytes: UInt64(size))
    }
}
