package import Files
import JSON
package import Pipelines
import Workspaces
import YAML

/// What `repro stage add` is asked to write. Paths are as typed, from the working directory or `workingDirectory`.
package struct AddStageOptions: Sendable {
    /// A kind of out, by the key that it stands under and its options.
    package struct OutputKind: Sendable, Hashable {
        package var key: String
        package var isCached: Bool
        package var persists: Bool

        package init(_ key: String, isCached: Bool = true, persists: Bool = false) {
            self.key = key
            self.isCached = isCached
            self.persists = persists
        }
    }

    package var name: String
    /// One command each.
    package var commands: [String]
    package var dependencies: [String] = []
    /// `key`, `key,key`, `file:key,key`, or `file:` for a whole file.
    package var params: [String] = []
    /// In the order in which they are written.
    package var outputs: [(kind: OutputKind, path: String)] = []
    /// Nil: the working directory.
    package var workingDirectory: String?
    package var summary: String?
    package var alwaysChanged = false
    /// Also where there is a stage of that name.
    package var replaces = false

    package init(name: String, commands: [String]) {
        self.name = name
        self.commands = commands
    }
}

package struct AddStageReport: Sendable {
    package var stage: StageName
    package var file: RelativePath
    package var replaced: Bool
}

/// Writes a stage into the pipeline file, with comments and order kept; refused if the pipeline would not be whole.
package func addStage(_ options: AddStageOptions, in surroundings: Surroundings) throws -> AddStageReport {
    guard isPlainName(options.name) else { throw OperationError.stageName(options.name) }
    let project = try Project.require(from: surroundings.workingDirectory, in: surroundings.fileSystem)
    let folder = surroundings.workingDirectory.relative(to: project.root) ?? .root
    let file = try pipelineFile(for: folder, in: project)
    var edit = try PipelineFileEdit(file, in: project)
    let exists = edit.document.root["stages"]?[options.name] != nil
    if exists, !options.replaces { throw OperationError.stageExists(name: options.name, file: file) }
    let body = try stageBody(options, folder: folder.relative(to: file.parent ?? .root) ?? .root)
    try edit.change { document in
        // `stages: {}`, which removing the last stage leaves, would take its next one on the same line.
        let start = document.root["stages"]?.entries?.isEmpty == true ? try document.removing(["stages"]) : document
        return try start.setting(["stages", options.name], to: .object(body), style: .block)
    }
    try edit.write()
    let name = file.parent?.isRoot != false ? options.name : "\(file):\(options.name)"
    return AddStageReport(stage: StageName(name), file: file, replaced: exists)
}

/// As DVC has it: no punctuation but `_` and `-`.
private func isPlainName(_ name: String) -> Bool {
    !name.isEmpty
        && name.unicodeScalars.allSatisfy { scalar in
            guard scalar.isASCII else { return true }
            return scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_" || scalar == "-"
        }
}

/// Where a stage of `folder` belongs: `repro.yaml` of the project, else the `dvc.yaml` of the folder or of the project,
/// else a new `repro.yaml`.
private func pipelineFile(for folder: RelativePath, in project: Project) throws -> RelativePath {
    let main = RelativePath(unchecked: Array("repro.yaml".utf8))
    let dvc = Array("dvc.yaml".utf8)
    for candidate in [main, folder.appending(name: dvc), RelativePath(unchecked: dvc)] {
        if try project.fileSystem.statusFollowingLinks(of: project.root.appending(candidate)) != nil {
            return candidate
        }
    }
    return main
}

/// What stands below the stage's name. `folder`: the working directory, from the pipeline file's.
private func stageBody(_ options: AddStageOptions, folder: RelativePath) throws -> JSONObject {
    var body: JSONObject = [:]
    body["cmd"] =
        options.commands.count == 1
        ? .string(options.commands[0]) : .array(options.commands.map { .string($0) })
    let workingDirectory =
        try options.workingDirectory.map { try RelativePath(parsing: $0, relativeTo: folder) } ?? folder
    if !workingDirectory.isRoot { body["wdir"] = .string(workingDirectory.description) }
    if !options.dependencies.isEmpty { body["deps"] = .array(options.dependencies.map { .string($0) }) }
    if !options.params.isEmpty { body["params"] = .array(paramItems(options.params)) }
    for key in ["outs", "metrics", "plots"] {
        let items = options.outputs.filter { $0.kind.key == key }.map { output -> JSONValue in
            var flags: JSONObject = [:]
            if !output.kind.isCached { flags["cache"] = .bool(false) }
            if output.kind.persists { flags["persist"] = .bool(true) }
            return flags.isEmpty ? .string(output.path) : .object([output.path: .object(flags)])
        }
        if !items.isEmpty { body[key] = .array(items) }
    }
    if options.alwaysChanged { body["always_changed"] = .bool(true) }
    if let summary = options.summary { body["desc"] = .string(summary) }
    return body
}

private func paramItems(_ params: [String]) -> [JSONValue] {
    params.flatMap { text -> [JSONValue] in
        func keys(_ text: Substring) -> [JSONValue] { text.split(separator: ",").map { .string(String($0)) } }
        guard let colon = text.lastIndex(of: ":") else { return keys(text[...]) }
        let own = keys(text[text.index(after: colon)...])
        return [.object([String(text[..<colon]): own.isEmpty ? .null : .array(own)])]
    }
}
