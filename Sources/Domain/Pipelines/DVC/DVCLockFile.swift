import Files
import JSON
import YAML

/// What a `dvc.lock` says of the stages of the `dvc.yaml` beside it. Read only; each entry is a claim to be checked.
struct DVCLockFile {
    /// One stage's last execution, as DVC saw it.
    struct Entry {
        let commands: [String]
        let dependencies: [RelativePath: DVCFile]
        let outputs: [RelativePath: DVCFile]
        /// Dotted keys and their values, by file.
        let params: [RelativePath: [String: JSONValue]]
    }

    private let stages: YAMLNode?

    static func path(beside pipelineFile: RelativePath) -> RelativePath {
        (pipelineFile.parent ?? .root).appending(name: Array("dvc.lock".utf8))
    }

    /// The name of a stage in the lock file beside its pipeline file.
    static func name(of stage: Stage, in pipelineFile: RelativePath) -> String {
        let prefix = "\(pipelineFile):"
        return stage.name.text.hasPrefix(prefix) ? String(stage.name.text.dropFirst(prefix.count)) : stage.name.text
    }

    init(parsing content: [UInt8], file: RelativePath) throws {
        let root = try YAMLDocument(parsing: content, file: file.description).root
        // DVC 1 had the stages at the top.
        stages = root["schema"] == nil ? root : root["stages"]
    }

    /// Nil if there is none. Its paths start at the stage's `wdir`.
    func entry(_ name: String, workingDirectory: RelativePath) -> Entry? {
        guard let node = stages?[name] else { return nil }
        func files(_ key: String) -> [RelativePath: DVCFile] {
            let all = (node[key]?.items ?? []).compactMap { DVCFile($0, relativeTo: workingDirectory) }
            return Dictionary(all.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        }
        var params: [RelativePath: [String: JSONValue]] = [:]
        for file in node["params"]?.entries ?? [] {
            guard let path = try? RelativePath(parsing: file.name, relativeTo: workingDirectory) else { continue }
            let values = leaves(of: file.value.value, key: "")
            params[path] = Dictionary(values.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
        }
        return Entry(
            commands: Self.commands(node["cmd"]), dependencies: files("deps"), outputs: files("outs"), params: params)
    }

    /// As the pipeline's reader has them: each line of a text, or each item of a list.
    private static func commands(_ node: YAMLNode?) -> [String] {
        let all = node?.items?.compactMap(\.text) ?? node?.text?.split(whereSeparator: \.isNewline).map(String.init)
        return (all ?? []).filter { !$0.allSatisfy(\.isWhitespace) }
    }
}

extension JSONValue {
    /// Whether Python would call the two equal: `1`, `1.0` and `True` are.
    func equalsInPython(_ other: JSONValue) -> Bool {
        switch (self, other) {
        case (.array(let one), .array(let two)):
            return one.count == two.count && zip(one, two).allSatisfy { $0.equalsInPython($1) }
        case (.object(let one), .object(let two)):
            return Set(one.keys) == Set(two.keys)
                && one.pairs.allSatisfy { key, value in two[key].map { value.equalsInPython($0) } ?? false }
        default:
            guard let one = pythonNumber, let two = other.pythonNumber else { return self == other }
            return one == two
        }
    }

    private var pythonNumber: Double? {
        if case .bool(let flag) = self { flag ? 1 : 0 } else { asNumber }
    }
}
