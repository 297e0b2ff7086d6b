import Diagnostics
import Experiments
import Files

extension Run {
    /// Keeps a file, or a folder with all in it, as an artifact of the run. Content that is kept already takes no space.
    ///
    /// The file is read shortly after, on a thread of the run's: `flush` before it is changed or removed.
    ///
    /// - Parameters:
    ///   - path: From the working directory.
    ///   - name: Its path among the run's artifacts; without one, the file's name.
    public func log(artifact path: String, as name: String? = nil) {
        let source = AbsolutePath(path, relativeTo: context.workingDirectory)
        let given = name ?? String(decoding: source.name, as: UTF8.self)
        if let place = artifactPath(given) { recorder.add(.path(source, place: .artifact(place))) }
    }

    /// Keeps bytes as an artifact.
    public func log(data: some Sequence<UInt8>, as name: String) {
        guard let place = artifactPath(name) else { return }
        recorder.add(
            .file(
                OutgoingFile(
                    place: .artifact(place), content: .bytes(Array(data)), modifiedAt: context.clock.now())))
    }

    /// Keeps a text as an artifact.
    public func log(text: String, as name: String) { log(data: text.utf8, as: name) }

    /// Keeps a table as an artifact: as comma-separated values if the name ends in `.csv`, with tabs if it ends in
    /// `.tsv`, and else as JSON, in the form of MLflow's `log_table`.
    public func log(table: Table, as name: String) { log(text: table.text(for: name), as: name) }

    /// Keeps an image as an artifact, as PNG.
    public func log(image: Image, as name: String) { log(data: image.png, as: name) }

    /// Records a file or a folder that the run reads: its name, and a digest of its content, but not the content.
    ///
    /// - Parameters:
    ///   - path: From the working directory.
    ///   - name: What it is called; without one, the file's name.
    ///   - context: What for: `training`, `evaluation`.
    public func log(input path: String, name: String? = nil, context use: String? = nil) {
        let source = AbsolutePath(path, relativeTo: context.workingDirectory)
        recorder.add(
            .dataset(source, name: name ?? String(decoding: source.name, as: UTF8.self), context: use))
    }

    /// Records data that the run reads.
    public func log(input dataset: Dataset, context use: String? = nil) {
        let tags = use.map { [Tag(key: "mlflow.data.context", value: $0)] } ?? []
        recorder.add(.namedDataset(DatasetUse(dataset: dataset.record, tags: tags)))
    }

    /// Keeps a model that the run made: a file, or a folder with all in it. It is listed among the experiment's models,
    /// and can be registered under a name.
    ///
    /// - Parameters:
    ///   - path: From the working directory.
    ///   - name: What it is called, without any of `/ : . % " '`.
    ///   - type: What wrote it: `swift`, `sklearn`.
    ///   - step: The step of the training at which it was made.
    ///   - params: What belongs to the model rather than to the run.
    public func log(
        model path: String, name: String, type: String? = nil, step: Int = 0, params: [String: String] = [:]
    ) {
        if name.isEmpty || name.contains(where: { "/:.%\"'".contains($0) }) {
            return recorder.complain("model `\(name)` was not logged: a name has none of / : . % \" '")
        }
        let source = AbsolutePath(path, relativeTo: context.workingDirectory)
        let file = RelativePath(unchecked: source.name)
        let now = context.clock.now()
        var model = RunModel(
            id: "m-\(RunID.random().text)", name: name, type: type, step: Int64(step), createdAt: now,
            params: params.sorted { $0.key < $1.key }.map { Tag(key: $0.key, value: $0.value) })
        model.isComplete = true
        recorder.add(.model(model))
        recorder.add(.path(source, place: .model(id: model.id, file)))
    }

    private func artifactPath(_ name: String) -> RelativePath? {
        if let path = try? RelativePath(parsing: name), !path.isRoot { return path }
        recorder.complain("artifact `\(name)` was not logged: its name must be a path below the run's artifacts")
        return nil
    }
}

/// Data that a run reads, as somebody describes it who knows it better than by a file.
public struct Dataset: Sendable, Hashable {
    /// What it is called.
    public var name: String
    /// Changes with the content: a checksum, a version, a revision.
    public var digest: String
    /// Where it is from: a URL, a query.
    public var source: String
    /// What `source` is: `s3`, `http`, `sql`, `code`.
    public var sourceType: String
    /// The columns and their types, as JSON.
    public var schema: String?
    /// Numbers about it, such as how many rows, as JSON.
    public var profile: String?

    /// Describes data.
    public init(
        name: String, digest: String, source: String = "", sourceType: String = "code", schema: String? = nil,
        profile: String? = nil
    ) {
        self.name = name
        self.digest = digest
        self.source = source
        self.sourceType = sourceType
        self.schema = schema
        self.profile = profile
    }

    var record: Experiments.Dataset {
        Experiments.Dataset(
            name: name, digest: digest, sourceType: sourceType, source: source, schema: schema, profile: profile)
    }
}
