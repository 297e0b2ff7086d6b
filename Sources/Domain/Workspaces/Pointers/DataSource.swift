package import Files
import JSON
import YAML

/// Where imported data comes from, pinned to what it was when it was imported.
package enum DataSource: Sendable, Equatable {
    /// A file on the web or in a bucket, or a file or folder on this machine. A relative path is taken from the project.
    case address(String, etag: String?, modified: String?)
    case repository(RepositorySource)
}

/// A path in a Git repository: a file of it, or data that it tracks with Repro or DVC.
package struct RepositorySource: Sendable, Equatable {
    /// What `git clone` takes, or the folder of a project on this machine, relative to the project.
    package var repository: String
    package var path: RelativePath
    /// What `update` follows: a branch or a tag; nil for whatever the repository shows first.
    package var revision: String?
    /// Nil where the folder is in no Git repository.
    package var commit: String?

    package init(repository: String, path: RelativePath, revision: String?, commit: String?) {
        self.repository = repository
        self.path = path
        self.revision = revision
        self.commit = commit
    }
}

extension DataSource {
    var yamlLines: [String] {
        let facts: [(key: String, value: String?)] =
            switch self {
            case .address(let url, let etag, let modified): [("url", url), ("etag", etag), ("modified", modified)]
            case .repository(let source):
                [
                    ("repository", source.repository), ("path", source.path.description),
                    ("revision", source.revision), ("commit", source.commit),
                ]
            }
        return ["source:"] + facts.compactMap { key, value in value.map { "  \(key): \(JSONValue.string($0).text())" } }
    }

    init(yaml node: YAMLNode) throws(FingerprintProblem) {
        let known = ["url", "etag", "modified", "repository", "path", "revision", "commit"]
        for entry in node.entries ?? [] where !known.contains(entry.name) {
            throw FingerprintProblem(text: "unknown key `source.\(entry.name)`", location: entry.key.location)
        }
        if let url = node["url"]?.text {
            self = .address(url, etag: node["etag"]?.text, modified: node["modified"]?.text)
            return
        }
        guard let repository = node["repository"]?.text, let text = node["path"]?.text,
            let path = try? RelativePath(parsing: text)
        else {
            throw FingerprintProblem(
                text: "`source` has neither a `url` nor a `repository` and a `path` in it", location: node.location)
        }
        self = .repository(
            RepositorySource(
                repository: repository, path: path, revision: node["revision"]?.text, commit: node["commit"]?.text))
    }
}
