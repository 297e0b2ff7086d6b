package import Diagnostics
import Hashing
import JSON
package import Objects
package import YAML

/// Why a mapping does not describe a fingerprint.
package struct FingerprintProblem: Error {
    package let text: String
    package let location: SourceLocation
}

/// How lock files and pointer files describe a fingerprint: one fact a line.
extension Fingerprint {
    package static let yamlKeys = ["executable", "files", "tree_size", "size", "xxh3", "sha256"]

    package var yamlLines: [String] {
        let kindLines =
            switch kind {
            case .file(let isExecutable): isExecutable ? ["executable: true"] : []
            case .folder(let fileCount): ["files: \(fileCount)", "tree_size: \(digest.sizeBytes)"]
            }
        return kindLines + ["size: \(contentBytes)", "xxh3: \"\(digest.id)\"", "sha256: \"\(digest.sha256)\""]
    }

    /// From a mapping with these keys among others.
    package init(yaml node: YAMLNode) throws(FingerprintProblem) {
        let size = try node.count("size")
        guard let xxh3 = XXH3Digest(hex: try node.word("xxh3")) else {
            throw FingerprintProblem(text: "xxh3 is not 32 hexadecimal digits", location: node.location)
        }
        guard let sha256 = SHA256Digest(hex: try node.word("sha256")) else {
            throw FingerprintProblem(text: "sha256 is not 64 hexadecimal digits", location: node.location)
        }
        let fileCount = node["files"] == nil ? nil : try node.count("files")
        let objectSize = fileCount == nil ? size : try node.count("tree_size")
        self.init(
            kind: fileCount.map { .folder(fileCount: $0) }
                ?? .file(isExecutable: node["executable"]?.value == .bool(true)),
            digest: Digest(id: ObjectID(xxh3), sha256: sha256, sizeBytes: UInt64(objectSize)),
            contentBytes: UInt64(size))
    }
}

extension YAMLNode {
    fileprivate func required(_ key: String) throws(FingerprintProblem) -> YAMLNode {
        guard let value = self[key] else { throw FingerprintProblem(text: "`\(key)` is missing", location: location) }
        return value
    }

    /// Not negative.
    fileprivate func count(_ key: String) throws(FingerprintProblem) -> Int {
        let value = try required(key)
        guard case .integer(let number) = value.value, number >= 0 else {
            throw FingerprintProblem(text: "`\(key)` must be a whole number", location: value.location)
        }
        return Int(number)
    }

    fileprivate func word(_ key: String) throws(FingerprintProblem) -> String {
        let value = try required(key)
        guard let text = value.text else {
            throw FingerprintProblem(text: "`\(key)` must be text", location: value.location)
        }
        return text
    }
}
