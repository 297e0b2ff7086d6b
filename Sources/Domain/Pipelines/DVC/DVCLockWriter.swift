import Diagnostics
import Files
import Hashing
import JSON
import Workspaces
import YAML

/// Keeps `dvc.lock`, and DVC's cache, true for what our stages did: `lock: dvc` in the config, for teams where some use
/// DVC. Entries of other stages stay as they are.
struct DVCLockWriter {
    let parts: PipelineParts
    private let hasher: DVCHasher
    private let cache: DVCCache

    init(parts: PipelineParts) throws {
        self.parts = parts
        hasher = DVCHasher(root: parts.project.root, fileSystem: parts.project.fileSystem)
        cache = try DVCCache(ofProject: parts.project.root, fileSystem: parts.project.fileSystem)
    }

    /// Writes the entries of stages that ran or were restored, each file once.
    func write(_ stages: [Stage]) throws {
        var groups: [RelativePath: [(stage: Stage, name: String)]] = [:]
        for stage in stages where parts.lock.current.stages[stage.name] != nil {
            let pipelineFile = try RelativePath(parsing: stage.location.file)
            let name = DVCLockFile.name(of: stage, in: pipelineFile)
            groups[DVCLockFile.path(beside: pipelineFile), default: []].append((stage, name))
        }
        for (path, group) in groups {
            let target = parts.project.root.appending(path)
            let content = try parts.project.fileSystem.readIfPresent(target) ?? []
            let document = try YAMLDocument(parsing: content, file: path.description)
            var root: JSONObject = ["schema": .string("2.0")]
            var entries = JSONObject()
            if case .object(let object) = document.root.value, case .object(let known)? = object["stages"] {
                entries = known
                root = object
            }
            for (stage, name) in group { entries[name] = .object(try entry(of: stage)) }
            root["stages"] = .object(entries)
            let text = YAMLText.document(root)
            if Array(text.utf8) != content {
                try parts.project.fileSystem.writeAtomically(Array(text.utf8), to: target)
            }
        }
    }

    private func entry(of stage: Stage) throws -> JSONObject {
        var entry = JSONObject()
        // DVC compares `cmd` as it is written: a text stays one, whatever its lines.
        entry["cmd"] = stage.commandText.map { .string($0) } ?? .array(stage.commands.map { .string($0) })
        let deps = try stage.dependencies.map(\.path).sorted().compactMap { try claim(of: $0, by: stage) }
        if !deps.isEmpty { entry["deps"] = .array(deps) }
        let params = try paramsEntry(stage)
        if !params.isEmpty { entry["params"] = .object(params) }
        let outs = try stage.outputs.sorted { $0.path < $1.path }.compactMap { output -> JSONValue? in
            if output.isKept, let file = try hasher.file(output.path) {
                try cache.keep(file, in: parts.project.root, hasher: hasher)
            }
            return try claim(of: output.path, by: stage)
        }
        if !outs.isEmpty { entry["outs"] = .array(outs) }
        return entry
    }

    private func claim(of path: RelativePath, by stage: Stage) throws -> JSONValue? {
        try hasher.file(path)?.json(path: text(of: path, from: stage.workingDirectory))
    }

    /// The values under the keys as asked for, a mapping as one.
    private func paramsEntry(_ stage: Stage) throws -> JSONObject {
        let main = stage.workingDirectory.appending(name: Array("params.yaml".utf8))
        let requests = stage.params.sorted { a, b in
            (a.file == main ? 0 : 1, a.file) < (b.file == main ? 0 : 1, b.file)
        }
        var entry = JSONObject()
        for request in requests {
            guard let content = try parts.params.content(of: request.file) else { continue }
            let keys = request.keys.isEmpty ? content.keys : request.keys.map(\.name)
            var values = JSONObject()
            for key in keys.sorted() { values[key] = matchingParams(key, in: .object(content)).first?.value }
            entry[text(of: request.file, from: stage.workingDirectory)] = .object(values)
        }
        return entry
    }

    /// `../data/x`: a path as seen from a folder that need not hold it.
    private func text(of path: RelativePath, from folder: RelativePath) -> String {
        var up = 0
        var base = folder
        while !path.isAtOrBelow(base), let parent = base.parent {
            base = parent
            up += 1
        }
        let below = path.relative(to: base) ?? path
        let steps = Array(repeating: "..", count: up) + (below.isRoot ? [] : [below.description])
        return steps.isEmpty ? "." : steps.joined(separator: "/")
    }
}
