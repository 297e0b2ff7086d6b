import Diagnostics
import Experiments
import Files
import JSON
import Objects
import YAML

/// An `mlruns` folder, as MLflow writes it without a server.
struct MLflowFolder: MLflowSource {
    private let root: AbsolutePath
    private let fileSystem: FileSystem
    private let artifacts: MLflowFiles

    init(_ root: AbsolutePath, artifacts: MLflowFiles) {
        self.root = root
        self.artifacts = artifacts
        fileSystem = artifacts.fileSystem
    }

    func experiments() throws -> [MLflowExperiment] {
        var found: [MLflowExperiment] = []
        for (folder, isTrash) in [(root, false), (root.appending(".trash"), true)] {
            for name in try names(in: folder) {
                guard let meta = try meta(folder.appending(name)), let id = meta["experiment_id"] else { continue }
                found.append(
                    MLflowExperiment(
                        id: id, name: meta["name"] ?? id, artifactLocation: meta["artifact_location"] ?? "",
                        isDeleted: isTrash || meta["lifecycle_stage"] == "deleted",
                        createdMilliseconds: meta["creation_time"].flatMap { Int64($0) } ?? 0,
                        tags: try tags(in: folder.appending(name).appending("tags"))))
            }
        }
        return found
    }

    func forEachRun(of experiment: MLflowExperiment, _ body: (MLflowRun) throws -> Void) throws {
        let folder = try self.folder(of: experiment)
        for name in try names(in: folder) {
            let place = folder.appending(name)
            guard let meta = try meta(place), let id = meta["run_id"] ?? meta["run_uuid"] else { continue }
            var run = MLflowRun(
                id: id, name: meta["run_name"] ?? meta["name"] ?? "", user: meta["user_id"] ?? "",
                status: Self.statuses[meta["status"] ?? ""] ?? meta["status"] ?? "FINISHED",
                startMilliseconds: meta["start_time"].flatMap { Int64($0) } ?? 0,
                endMilliseconds: meta["end_time"].flatMap { Int64($0) },
                isDeleted: meta["lifecycle_stage"] == "deleted" || meta["lifecycle_stage"] == "2",
                artifactURI: meta["artifact_uri"] ?? place.appending("artifacts").description,
                params: try tags(in: place.appending("params")),
                tags: try tags(in: place.appending("tags")),
                metricKeys: try keys(in: place.appending("metrics")))
            run.folder = place
            run.datasets = try datasets(of: place, experiment: folder)
            run.outputModels = try names(in: place.appending("outputs")).compactMap { name in
                let output = try self.meta(place.appending("outputs").appending(name))
                return output?["destination_id"].map {
                    ModelOutput(model: $0, step: output?["step"].flatMap { Int64($0) } ?? 0)
                }
            }
            try body(run)
        }
    }

    func points(of run: MLflowRun, key: String) throws -> [MetricPoint] {
        guard let folder = run.folder,
            let content = try text(folder.appending("metrics").appending(RelativePath(parsing: key)))
        else { return [] }
        return content.split(whereSeparator: \.isNewline).compactMap { line in
            point(line.split(separator: " ").map(String.init))
        }
    }

    func loggedModels(of experiment: MLflowExperiment) throws -> [MLflowLoggedModel] {
        let folder = try folder(of: experiment).appending("models")
        return try names(in: folder).compactMap { name in
            let place = folder.appending(name)
            guard let meta = try meta(place), let id = meta["model_id"] else { return nil }
            let created = meta["creation_timestamp"].flatMap { Int64($0) } ?? 0
            var model = LoggedModel(
                id: id, experiment: ExperimentID(0), name: meta["name"] ?? id, type: meta["model_type"],
                sourceRun: meta["source_run_id"].map { RunID($0) }, createdAt: Timestamp(milliseconds: created),
                tags: try tags(in: place.appending("tags")),
                params: try tags(in: place.appending("params")))
            model.status = meta["status"] == "READY" || meta["status"] == "2" ? .ready : .pending
            model.updatedAt = Timestamp(
                milliseconds: meta["last_updated_timestamp"].flatMap { Int64($0) } ?? created)
            if meta["lifecycle_stage"] == "deleted" { model.deletedAt = model.updatedAt }
            model.metrics = try modelMetrics(in: place.appending("metrics"))
            return MLflowLoggedModel(
                model: model,
                artifactURI: meta["artifact_location"] ?? place.appending("artifacts").description)
        }
    }

    private func modelMetrics(in folder: AbsolutePath) throws -> [ModelMetric] {
        try keys(in: folder).flatMap { key -> [ModelMetric] in
            let content = try text(folder.appending(RelativePath(parsing: key))) ?? ""
            return content.split(whereSeparator: \.isNewline).compactMap { line in
                let parts = line.split(separator: " ").map(String.init)
                guard parts.count >= 3, let point = point(parts) else { return nil }
                return ModelMetric(
                    key: key, point: point, run: parts.count > 3 ? RunID(parts[3]) : nil,
                    datasetName: parts.count > 5 ? parts[4] : nil, datasetDigest: parts.count > 5 ? parts[5] : nil)
            }
        }
    }

    /// `time value step`.
    private func point(_ parts: [String]) -> MetricPoint? {
        guard parts.count >= 2, let time = Int64(parts[0]), let value = Double(parts[1]) else { return nil }
        let step = parts.count > 2 ? Int64(parts[2]) ?? 0 : 0
        return MetricPoint(step: step, timestamp: Timestamp(milliseconds: time), value: value)
    }

    func registeredModels() throws -> [MLflowRegisteredModel] {
        let folder = root.appending("models")
        return try names(in: folder).compactMap { name in
            let place = folder.appending(name)
            guard let meta = try meta(place), let name = meta["name"] else { return nil }
            var model = RegisteredModel(
                name: name, createdAt: moment(meta["creation_timestamp"]), description: meta["description"] ?? "",
                tags: try tags(in: place.appending("tags")))
            model.updatedAt = moment(meta["last_updated_timestamp"])
            model.aliases = try tags(in: place.appending("aliases")).compactMap { alias in
                Int64(alias.value.hasPrefix("v") ? String(alias.value.dropFirst()) : alias.value).map {
                    ModelAlias(alias: alias.key, version: $0)
                }
            }
            let versions = try names(in: place).compactMap { try version($0, of: name, in: place) }
            return MLflowRegisteredModel(model: model, versions: versions.sorted { $0.number < $1.number })
        }
    }

    private func version(_ folder: String, of model: String, in place: AbsolutePath) throws -> ModelVersion? {
        guard folder.hasPrefix("version-"), let meta = try meta(place.appending(folder)),
            let number = meta["version"].flatMap({ Int64($0) }), meta["current_stage"] != "Deleted_Internal"
        else { return nil }
        var version = ModelVersion(
            model: model, source: meta["source"] ?? "", createdAt: moment(meta["creation_timestamp"]),
            description: meta["description"] ?? "", storageLocation: meta["storage_location"],
            run: meta["run_id"] ?? "", runLink: meta["run_link"] ?? "", loggedModel: meta["model_id"],
            tags: try tags(in: place.appending(folder).appending("tags")))
        version.number = number
        version.updatedAt = moment(meta["last_updated_timestamp"])
        version.stage = ModelStage(rawValue: meta["current_stage"] ?? "") ?? .none
        return version
    }

    func foreign() throws -> [String: Int] {
        let traces = try experiments().map { try names(in: try folder(of: $0).appending("traces")).count }
        return ["traces": traces.reduce(0, +)]
    }

    func files(of owner: MLflowArtifactOwner) throws -> [MLflowFile]? { try artifacts.files(at: owner.uri) }

    func store(_ file: MLflowFile, into objects: ObjectStore, scratch: AbsolutePath) throws -> Digest {
        try artifacts.store(file, into: objects)
    }

    // MARK: Files

    private static let statuses = ["1": "RUNNING", "2": "SCHEDULED", "3": "FINISHED", "4": "FAILED", "5": "KILLED"]

    private func moment(_ text: String?) -> Timestamp { Timestamp(milliseconds: text.flatMap { Int64($0) } ?? 0) }

    private func folder(of experiment: MLflowExperiment) throws -> AbsolutePath {
        let live = root.appending(experiment.id)
        if try fileSystem.statusFollowingLinks(of: live) != nil { return live }
        return root.appending(".trash").appending(experiment.id)
    }

    /// The scalars of a `meta.yaml`; nil if there is none.
    private func meta(_ folder: AbsolutePath) throws -> [String: String]? {
        guard let source = try fileSystem.readIfPresent(folder.appending("meta.yaml")) else { return nil }
        let root = try YAMLDocument(parsing: source, file: folder.appending("meta.yaml").description).root
        var values: [String: String] = [:]
        for entry in root.entries ?? [] where !entry.value.isNull { values[entry.name] = entry.value.text }
        return values
    }

    private func text(_ file: AbsolutePath) throws -> String? {
        try fileSystem.readIfPresent(file).map { String(decoding: $0, as: UTF8.self) }
    }

    private func names(in folder: AbsolutePath) throws -> [String] {
        guard try fileSystem.statusFollowingLinks(of: folder)?.kind == .folder else { return [] }
        return try fileSystem.openFolder(folder).names().map { String(decoding: $0, as: UTF8.self) }.sorted()
    }

    /// Names of files at any depth: a key with a slash is a file in a folder.
    private func keys(in folder: AbsolutePath, prefix: String = "") throws -> [String] {
        var keys: [String] = []
        for name in try names(in: folder) {
            let path = folder.appending(name)
            switch try fileSystem.statusFollowingLinks(of: path)?.kind {
            case .folder: keys += try self.keys(in: path, prefix: prefix + name + "/")
            case .file: keys.append(prefix + name)
            default: continue
            }
        }
        return keys
    }

    private func tags(in folder: AbsolutePath) throws -> [Tag] {
        try keys(in: folder).map { key in
            Tag(key: key, value: try text(folder.appending(RelativePath(parsing: key))) ?? "")
        }
    }

    private func datasets(of run: AbsolutePath, experiment: AbsolutePath) throws -> [DatasetUse] {
        let folder = run.appending("inputs")
        return try names(in: folder).compactMap { name in
            guard let input = try meta(folder.appending(name)), let id = input["source_id"],
                let data = try meta(experiment.appending("datasets").appending(id)),
                let dataset = data["name"], let digest = data["digest"]
            else { return nil }
            let context = try contextTags(folder.appending(name))
            return DatasetUse(
                dataset: Dataset(
                    name: dataset, digest: digest, sourceType: data["source_type"] ?? "", source: data["source"] ?? "",
                    schema: data["schema"], profile: data["profile"]), tags: context)
        }
    }

    private func contextTags(_ input: AbsolutePath) throws -> [Tag] {
        guard let source = try fileSystem.readIfPresent(input.appending("meta.yaml")) else { return [] }
        let root = try YAMLDocument(parsing: source, file: input.description).root
        return (root["tags"]?.entries ?? []).map { Tag(key: $0.name, value: $0.value.text ?? "") }
    }
}
