import Diagnostics
import Files
import JSON
import YAML

/// Reads one pipeline file and adds what it defines.
func readPipelineFile(
    _ path: RelativePath, _ content: [UInt8], _ files: ProjectFiles, _ optionStyle: CommandOptionStyle,
    into definition: inout PipelineDefinition
) throws {
    let document = try YAMLDocument(parsing: content, file: path.description)
    var reader = PipelineFileReader(
        path: path, folder: path.parent ?? .root, document: document, files: files, optionStyle: optionStyle)
    definition.files.append(path)
    try reader.read(into: &definition)
}

struct PipelineFileReader {
    let path: RelativePath
    /// Where the file stands, and where its paths start.
    let folder: RelativePath
    let document: YAMLDocument
    let files: ProjectFiles
    let optionStyle: CommandOptionStyle
    /// Files that values were taken from.
    var filesRead: [RelativePath] = []
    /// Where each stage was defined.
    private var places: [StageName: SourceLocation] = [:]

    init(
        path: RelativePath, folder: RelativePath, document: YAMLDocument, files: ProjectFiles,
        optionStyle: CommandOptionStyle
    ) {
        self.path = path
        self.folder = folder
        self.document = document
        self.files = files
        self.optionStyle = optionStyle
    }

    mutating func read(into definition: inout PipelineDefinition) throws {
        var reader = TemplateReader(
            document: document, scope: TemplateScope(), subject: path.description, optionStyle: optionStyle)
        if document.root.isNull { return }
        guard document.root.entries != nil else {
            throw reader.wrongType(document.root, .init(name: path.description), expected: "a mapping")
        }
        try refuseUnknownKeys(document.root, known: Self.knownKeys, subject: path.description)
        reader.scope = try globalScope(reader)
        try readStages(reader, into: &definition)
        definition.metrics += try references("metrics", reader)
        definition.params += try references("params", reader)
        definition.plots += try plots(reader)
        definition.artifacts += try artifacts(reader)
        definition.files += filesRead.filter { !definition.files.contains($0) }
    }

    private static let knownKeys = ["stages", "vars", "params", "metrics", "plots", "artifacts", "datasets"]

    private mutating func readStages(_ reader: TemplateReader, into definition: inout PipelineDefinition) throws {
        guard let stages = document.root["stages"] else { return }
        guard let entries = stages.entries else {
            throw reader.wrongType(stages, .init(name: "stages"), expected: "a mapping of stages")
        }
        for entry in entries {
            for stage in try generatedStages(entry, reader) {
                if let first = places.updateValue(stage.location, forKey: stage.name) {
                    throw PipelineLanguageError.duplicateStage(stage.name, at: stage.location, first: first)
                }
                definition.stages.append(stage)
            }
        }
    }

    /// The name that a user types: that of the file is part of it, unless the file is at the root.
    func stageName(_ name: String) -> StageName { StageName(folder.isRoot ? name : "\(path):\(name)") }
}

/// Throws if a mapping has a key that nobody reads: it is most likely a misspelt one.
func refuseUnknownKeys(_ node: YAMLNode, known: [String], subject: String) throws {
    for entry in node.entries ?? [] where !known.contains(entry.name) {
        throw PipelineLanguageError.unknownKey(
            entry.name, subject: subject, near: nearestName(to: entry.name, among: known), known: known,
            at: entry.key.location)
    }
}

extension PipelineFileReader {
    /// `metrics` and `params` at the top: a list of paths.
    private func references(_ name: String, _ reader: TemplateReader) throws -> [Dependency] {
        guard let node = document.root[name] else { return [] }
        let field = TemplateReader.Field(name: name)
        return try reader.items(node, field, of: "paths").map { item in
            Dependency(path: try reader.path(item, field, relativeTo: folder), location: item.location)
        }
    }

    private func plots(_ reader: TemplateReader) throws -> [PlotDefinition] {
        guard let node = document.root["plots"] else { return [] }
        let field = TemplateReader.Field(name: "plots", allowsCollections: true)
        return try reader.items(node, field, of: "plots").flatMap { item -> [PlotDefinition] in
            guard let entries = item.entries else {
                return [
                    PlotDefinition(
                        name: try reader.text(item, field), folder: folder, properties: [:], location: item.location)
                ]
            }
            return try entries.map { entry in
                try refuseUnknownKeys(entry.value, known: plotKeys, subject: "plot \(entry.name)")
                guard entry.value.isNull || entry.value.entries != nil else {
                    throw reader.wrongType(entry.value, .init(name: entry.name), expected: "a mapping")
                }
                var properties = JSONObject()
                if case .object(let object) = try reader.value(entry.value, field) { properties = object }
                return PlotDefinition(
                    name: try reader.key(of: entry, field), folder: folder, properties: properties,
                    location: entry.key.location)
            }
        }
    }

    private var plotKeys: [String] { ["x", "y", "x_label", "y_label", "title", "template"] }

    private func artifacts(_ reader: TemplateReader) throws -> [ArtifactDefinition] {
        guard let node = document.root["artifacts"] else { return [] }
        let field = TemplateReader.Field(name: "artifacts", allowsCollections: true)
        guard let entries = node.entries else { throw reader.wrongType(node, field, expected: "a mapping") }
        return try entries.map { entry in
            var reader = reader
            reader.subject = "artifact \(entry.name)"
            try refuseUnknownKeys(
                entry.value, known: ["path", "type", "desc", "labels", "meta"], subject: reader.subject)
            guard let path = entry.value["path"] else {
                throw PipelineLanguageError.keyMissing("path", subject: reader.subject, at: entry.key.location)
            }
            var annotations = JSONObject()
            for property in entry.value.entries ?? [] where property.name != "path" {
                annotations[property.name] = try reader.value(property.value, field)
            }
            return ArtifactDefinition(
                name: try reader.key(of: entry, field),
                path: try reader.path(path, .init(name: "path"), relativeTo: folder), annotations: annotations,
                location: entry.key.location)
        }
    }
}
