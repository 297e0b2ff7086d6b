import Diagnostics
import Files
import FoundationEssentials
import JSON
import Pipelines
import Testing

/// Our reading of each project in fixtures/projects against DVC's, which `ask-dvc.py` wrote down there.
@Suite struct ProjectsTests {
    static let folder = AbsolutePath(#filePath + "/../../../../fixtures/projects")

    @Test(arguments: [
        "commands", "external", "foreach", "matrix", "outputs", "params", "subfolders", "templates", "toplevel", "vars",
        "windows", "yaml", "run-chain", "run-crlf", "run-folders", "run-foreach", "run-frozen", "run-lines",
        "run-matrix", "run-params", "run-subfolder", "run-tools", "run-uncached",
    ])
    func `a project has the stages that DVC finds in it`(project: String) throws {
        let files = ProjectFiles.onDisk(root: Self.folder.appending(project))
        let definition = try loadPipeline(from: files)
        let json = try #require(try files.read(RelativePath(parsing: "stages.json")))
        guard case .object(let answer) = try JSONValue(parsing: json), case .array(let expected) = answer["stages"]
        else {
            Issue.record("stages.json is not an object with stages")
            return
        }
        let found = try definition.stages.map { try describe($0, files) }.sorted { $0[0] < $1[0] }
        for (found, expected) in zip(found, expected.map(describe)) { #expect(found == expected) }
        #expect(found.count == expected.count)
        #expect(try PipelineGraph(definition.stages).order.count == expected.count)
    }

    static var refused: [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.appending("refused").description)
        return (names ?? []).filter { $0.hasSuffix(".yaml") }.sorted()
    }

    @Test func `there are pipelines that DVC refuses`() { #expect(Self.refused.count > 40) }

    @Test(arguments: refused)
    func `what DVC refuses is refused with a place`(name: String) throws {
        let text = try #require(
            try ProjectFiles.onDisk(root: Self.folder).read(RelativePath(parsing: "refused/" + name)))
        let beside = ProjectFiles.onDisk(root: Self.folder.appending("refused/beside"))
        let files = ProjectFiles(
            read: { $0.description == "dvc.yaml" ? text : try beside.read($0) },
            list: { $0.isRoot ? [.init(name: Array("dvc.yaml".utf8), isFolder: false)] : [] })
        let error = #expect(throws: (any Error).self) {
            let definition = try loadPipeline(from: files)
            _ = try PipelineGraph(definition.stages)
            for stage in definition.stages { _ = try readParams(stage.params, from: files) }
        }
        #expect((error as? any UserFacingError)?.location?.file == "dvc.yaml", "\(String(describing: error))")
    }

    /// A stage as lines: those of DVC's answer.
    private func describe(_ stage: JSONValue) -> [String] {
        guard case .object(let stage) = stage else { return [] }
        var lines = ["\(text(stage["name"]))", "folder \(text(stage["folder"]))", "desc \(text(stage["desc"]))"]
        lines += ["frozen", "always_changed"].map { "\($0) \(stage[$0] == .bool(true))" }
        lines += items(stage["commands"]).map { "cmd \(text($0))" }
            .filter { !$0.dropFirst(4).allSatisfy(\.isWhitespace) }
        lines += items(stage["deps"]).map { "dep \(text($0))" }
        if case .object(let params) = stage["params"] {
            lines += params.pairs.flatMap { file, keys in ["file \(file)"] + items(keys).map { "key \(text($0))" } }
        }
        if case .object(let files) = stage["values"] {
            lines += files.pairs.flatMap { file, values in leaves(values, file) }.filter { !$0.contains("*") }.sorted()
        }
        for case .object(let output) in items(stage["outs"]) {
            let annotations = if case .object(let object) = output["annotations"] { object } else { JSONObject() }
            lines.append(
                "\(text(output["role"])) \(text(output["path"])) cache \(output["cache"] != .bool(false)) "
                    + "persist \(output["persist"] == .bool(true)) push \(output["push"] != .bool(false)) "
                    + annotations.pairs.sorted { $0.key < $1.key }.map { "\($0)=\($1.text())" }.joined(separator: " "))
        }
        return lines
    }

    /// A stage as lines: ours.
    private func describe(_ stage: Stage, _ files: ProjectFiles) throws -> [String] {
        let name = stage.name.text.contains("dvc.yaml:") ? stage.name.text : "dvc.yaml:" + stage.name.text
        var object: JSONObject = [
            "name": .string(name), "folder": .string(stage.workingDirectory.description),
            "desc": stage.summary.map(JSONValue.string) ?? .null, "frozen": .bool(stage.isFrozen),
            "always_changed": .bool(stage.alwaysChanged), "commands": .array(stage.commands.map(JSONValue.string)),
        ]
        let deps =
            stage.externalDependencies.map { ($0.location, $0.text) }
            + stage.dependencies.map { ($0.location, $0.path.description) }
        object["deps"] = .array(
            deps.sorted { ($0.0.line, $0.0.column) < ($1.0.line, $1.0.column) }.map { .string($0.1) })
        var params = JSONObject()
        for request in stage.params.sorted(by: { $0.file < $1.file }) {
            params[request.file.description] = .array(request.keys.map { .string($0.name) })
        }
        object["params"] = .object(params)
        object["outs"] = .array(
            stage.outputs.map { output in
                .object([
                    "role": .string(output.role.rawValue), "path": .string(output.path.description),
                    "cache": .bool(output.isCached), "persist": .bool(output.persists), "push": .bool(output.isPushed),
                    "annotations": .object(output.annotations),
                ])
            })
        var values: [String] = []
        // DVC passes over what is missing until the stage runs.
        let present = stage.params.filter { (try? readParams([$0], from: files)) != nil }
        for (file, found) in try readParams(present, from: files) {
            values += found.map { "value \(file) \($0.key)=\($0.value.text())" }
        }
        let asked = Set(stage.params.flatMap(\.keys).map(\.name).filter { $0.contains("*") })
        values = values.filter { value in !asked.contains { value.contains(" \($0.dropLast())") } }
        var lines = describe(.object(object))
        let outputs = lines.firstIndex { $0.hasPrefix("output ") || $0.hasPrefix("metric ") || $0.hasPrefix("plot ") }
        lines.insert(contentsOf: values.sorted(), at: outputs ?? lines.count)
        return lines
    }

    private func leaves(_ value: JSONValue, _ file: String) -> [String] {
        func walk(_ value: JSONValue, _ key: String) -> [String] {
            guard case .object(let object) = value else { return ["value \(file) \(key)=\(value.text())"] }
            return object.pairs.flatMap { walk($0.value, key.isEmpty ? $0.key : "\(key).\($0.key)") }
        }
        return Array(Set(walk(value, "")))
    }

    private func items(_ value: JSONValue?) -> [JSONValue] {
        if case .array(let items) = value { items } else { [] }
    }

    private func text(_ value: JSONValue?) -> String {
        if case .string(let text) = value { text } else { "" }
    }
}
