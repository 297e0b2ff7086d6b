import Experiments
import Files

/// Where an experiment's artifacts are: in our store, at a path from the root of all artifacts, or elsewhere, at an
/// address that clients go to by themselves.
struct ArtifactLocation: Sendable {
    static let scheme = "mlflow-artifacts"

    let text: String

    init(of experiment: ExperimentDetails) {
        self.init(experiment.artifactLocation ?? "\(Self.scheme):/\(experiment.experiment.id)")
    }

    init(_ text: String) { self.text = text }

    /// The path from the root of all artifacts; nil if they are elsewhere.
    var folder: String? {
        guard text.hasPrefix(Self.scheme + ":") else { return nil }
        return text.dropFirst(Self.scheme.count + 1).split(separator: "/").joined(separator: "/")
    }

    func run(_ id: RunID) -> ArtifactLocation { ArtifactLocation("\(trimmed)/\(id.text)/artifacts") }

    func model(_ id: String) -> ArtifactLocation { ArtifactLocation("\(trimmed)/models/\(id)/artifacts") }

    private var trimmed: Substring { text.hasSuffix("/") && !text.hasSuffix(":/") ? text.dropLast() : Substring(text) }

    /// Whether a client may choose this place. Its own disk it may not: the server must never be led to a file by a
    /// name, and what one client keeps there no other finds.
    static func check(_ text: String) throws {
        try KeyRules.checkLength(text, 2048, "artifact_location")
        guard let scheme = schemeOf(text) else {
            throw MLflowError.invalid("'artifact_location' must not be a local path: '\(text)'")
        }
        if text.contains("#") || text.contains(";") {
            throw MLflowError.invalid("'artifact_location' URL can't include fragments or params.")
        }
        let stable = try ArtifactPath.decodedUntilStable(text)
        if stable.contains("?") || stable.split(separator: "/").contains("..") || stable.contains("\\") {
            throw MLflowError.invalid("Invalid artifact location: '\(text)'")
        }
        let cloud: Set = ["s3", "gs", "wasbs", "abfss", "dbfs", "oss", scheme == Self.scheme ? scheme : ""]
        guard cloud.contains(scheme) else {
            throw MLflowError.invalid("'artifact_location' cannot use the '\(scheme)' scheme: '\(text)'")
        }
        if scheme == Self.scheme {
            let rest = text.dropFirst(scheme.count + 1)
            if rest.hasPrefix("//") {
                throw MLflowError.invalid("'artifact_location' cannot name a host: '\(text)'")
            }
            _ = try ArtifactPath.parse(String(rest.drop { $0 == "/" }))
        }
    }

    /// The scheme of `scheme:…`, in lower case; nil for a path. One letter is a drive of Windows.
    static func schemeOf(_ text: String) -> String? {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let scheme = text[..<colon]
        guard scheme.count > 1, let first = scheme.first, first.isASCII, first.isLetter,
            scheme.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) })
        else { return nil }
        return scheme.lowercased()
    }
}
