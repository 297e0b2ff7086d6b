import Experiments
import Files

/// What a client says a version's files are. The server never goes there; still it refuses what could lead another
/// client, or a later server, to a place that the source does not plainly name.
struct ModelSource {
    let api: MLflowAPI
    let source: String
    let run: String
    let loggedModel: String?

    func check() throws {
        guard let scheme = ArtifactLocation.schemeOf(source), scheme != "file" else { throw localSource }
        let stable: String
        do {
            stable = try ArtifactPath.decodedUntilStable(source)
        } catch {
            throw otherSource
        }
        for form in [source, stable] {
            let slashed = String(form.map { $0 == "\\" ? "/" : $0 })
            let path = slashed.split(separator: "?", maxSplits: 1).first ?? ""
            if path.split(separator: "/").contains("..") || form.contains("#") || form.contains("\0")
                || slashed.contains("?")
            {
                throw otherSource
            }
        }
        switch scheme {
        case "runs": try checkRun()
        case "models": try checkModel()
        case ArtifactLocation.scheme: try checkProxied()
        case "http", "https", "ftp", "sftp", "hdfs", "viewfs":
            throw MLflowError.invalid("'source' cannot use the '\(scheme)' scheme: '\(source)'")
        default: break
        }
    }

    private func checkRun() throws {
        let parts = source.dropFirst("runs:".count).split(separator: "/")
        guard let first = parts.first, !run.isEmpty, first == run else {
            throw MLflowError.invalid(
                "Invalid model version source: '\(source)'. A runs:/ source must name the run in 'run_id'.")
        }
    }

    private func checkModel() throws {
        let name = source.dropFirst("models:".count).drop { $0 == "/" }
        if name.hasPrefix("m-"), !name.contains("/"), name != loggedModel ?? "" {
            throw MLflowError.invalid(
                "Invalid model version source: '\(source)'. A models:/ source must name the model in 'model_id'.")
        }
    }

    /// Files of our own: they must be the named run's or model's.
    private func checkProxied() throws {
        let path = source.dropFirst(ArtifactLocation.scheme.count + 1)
        if path.hasPrefix("//") { throw otherSource }
        let wanted = try ArtifactPath.parse(String(path.drop { $0 == "/" }))
        var roots: [ArtifactLocation] = []
        if !run.isEmpty {
            let run = try api.run(RunID(run))
            roots.append(try api.artifactLocation(of: run))
            // A model that the run logged has a folder of its own.
            for output in try api.store.lineage(run: run.id).outputModels {
                if let model = try api.store.loggedModel(output.model) { roots.append(try api.location(of: model)) }
            }
        }
        if let loggedModel { roots.append(try api.location(of: try api.loggedModel(loggedModel))) }
        let isInside = try roots.contains { wanted.isAtOrBelow(try api.folder(of: $0)) }
        if !isInside { throw otherSource }
    }

    private var localSource: MLflowError {
        .invalid(
            "Invalid model version source: '\(source)'. To use a local path as a model version source, the run_id "
                + "request parameter has to be specified and the local path has to be contained within the artifact "
                + "directory of the run specified by the run_id.")
    }

    private var otherSource: MLflowError {
        .invalid(
            "Invalid model version source: '\(source)'. If supplying a source as an http, https, local file path, ftp, "
                + "objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative path "
                + "references present. Please provide an absolute path.")
    }
}
