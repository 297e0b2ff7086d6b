import Diagnostics
import Files
import Pipelines
import Workspaces
import YAML

/// A change of one pipeline file, which is written only once the pipeline is known to be whole with it.
struct PipelineFileEdit {
    let project: Project
    let path: RelativePath
    private(set) var document: YAMLDocument

    /// The file as it is; an empty one if there is none.
    init(_ path: RelativePath, in project: Project) throws {
        self.project = project
        self.path = path
        let content = try project.fileSystem.readIfPresent(project.root.appending(path)) ?? []
        document = try YAMLDocument(parsing: content, file: path.description)
    }

    mutating func change(_ body: (YAMLDocument) throws -> YAMLDocument) throws { document = try body(document) }

    /// Reads the whole pipeline with the change in it, and then writes the file.
    func write() throws {
        let files = ProjectFiles.onDisk(root: project.root).showing([(path, document.source)])
        if document.root["stages"] != nil { _ = try LoadedPipeline(files) }
        try project.fileSystem.writeAtomically(document.source, to: project.root.appending(path))
    }
}

/// An entry below `stages` of a pipeline file: one stage, or all that a `foreach` or a `matrix` makes.
struct StageEntry {
    let file: RelativePath
    /// As the file has it.
    let key: String
    /// The stages that it makes.
    let stages: [StageName]

    /// The entry that makes the stage, or the stages, called `name`.
    init(named name: String, in pipeline: LoadedPipeline) throws {
        let all = pipeline.graph.stages
        let found = all.filter { $0.name.text == name || $0.name.text.hasPrefix("\(name)@") }
        guard let first = found.first else {
            throw PipelineLanguageError.unknownTarget(
                name, near: nearestName(to: name, among: all.map(\.name.text)))
        }
        file = try RelativePath(parsing: first.location.file)
        let prefix = "\(file):"
        key = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
        stages = found.map(\.name)
    }

    /// Whether the file has it under its own name; one of a group has none.
    func isWritten(in document: YAMLDocument) -> Bool { document.root["stages"]?[key] != nil }

    /// The name of the group that makes it.
    var group: String { String(key.prefix { $0 != "@" }) }

    /// The edit of its file; a stage that a group makes cannot be edited alone.
    func edit(in project: Project) throws -> PipelineFileEdit {
        let edit = try PipelineFileEdit(file, in: project)
        guard isWritten(in: edit.document) else {
            throw OperationError.generatedStage(name: key, group: group, file: file)
        }
        return edit
    }
}
