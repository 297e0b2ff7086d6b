import Diagnostics
import Files
import JSON
import YAML

/// What may stand in a stage: DVC's keys, then ours.
let stageKeys = [
    "cmd", "wdir", "deps", "params", "outs", "metrics", "plots", "frozen", "always_changed", "desc", "meta", "vars",
    "resources", "timeout", "retries", "env", "deterministic",
]

extension PipelineFileReader {
    /// One stage, from its body and the values that `${…}` can name.
    mutating func readStage(
        named name: String, _ body: YAMLNode, at place: SourceLocation, _ reader: TemplateReader
    ) throws -> Stage {
        var reader = reader
        reader.subject = "stage \(name)"
        try refuseUnknownKeys(body, known: stageKeys + ["matrix"], subject: reader.subject)
        var folder = folder
        if let node = body["wdir"] { folder = try reader.path(node, .init(name: "wdir"), relativeTo: folder) }
        if let vars = body["vars"] {
            try load(vars: vars, relativeTo: folder, source: "vars of stage \(name)", reader, into: &reader.scope)
        }
        guard let command = body["cmd"] else {
            throw PipelineLanguageError.keyMissing("cmd", subject: reader.subject, at: place)
        }
        var stage = Stage(name: stageName(name), commands: try commands(command, reader), location: place)
        if command.items == nil { stage.commandText = try reader.text(command, Self.commandField) }
        stage.workingDirectory = folder
        for entry in body.entries ?? [] { try read(entry, reader, into: &stage) }
        return stage
    }

    private func read(_ entry: YAMLEntry, _ reader: TemplateReader, into stage: inout Stage) throws {
        let node = entry.value
        let field = TemplateReader.Field(name: entry.name)
        switch entry.name {
        case "deps": try readDependencies(node, reader, into: &stage)
        case "params": stage.params = try paramRequests(node, reader, folder: stage.workingDirectory)
        case "outs": try readOutputs(node, role: .output, field, reader, into: &stage)
        case "metrics": try readOutputs(node, role: .metric, field, reader, into: &stage)
        case "plots": try readOutputs(node, role: .plot, field, reader, into: &stage)
        case "desc": stage.summary = try reader.text(node, field)
        case "frozen": stage.isFrozen = try reader.flag(node, field)
        case "always_changed": stage.alwaysChanged = try reader.flag(node, field)
        case "deterministic": stage.isDeterministic = try reader.flag(node, field)
        case "timeout": stage.timeout = try reader.duration(node, field)
        case "retries": stage.retries = try reader.count(node, field, upTo: 100)
        case "env": stage.environment = try environment(node, field, reader)
        case "resources": stage.resources = try resources(node, reader)
        default: break  // `cmd`, `wdir` and `vars` were read first; `meta` is for people.
        }
    }

    private static let commandField = TemplateReader.Field(name: "cmd", allowsOptions: true)

    /// Each line of a text is a command of its own; an item of a list is one command, whatever its lines.
    private func commands(_ node: YAMLNode, _ reader: TemplateReader) throws -> [String] {
        let field = Self.commandField
        let commands: [String]
        if node.items != nil {
            commands = try reader.texts(node, field)
        } else if node.entries != nil {
            throw reader.wrongType(node, field, expected: "text or a list of texts")
        } else {
            let text = try reader.text(node, field)
            commands = text.split(whereSeparator: \.isNewline).map(String.init)
        }
        let real = commands.filter { !$0.allSatisfy(\.isWhitespace) }
        if real.isEmpty { throw PipelineLanguageError.keyMissing("cmd", subject: reader.subject, at: node.location) }
        return real
    }

    private func readDependencies(_ node: YAMLNode, _ reader: TemplateReader, into stage: inout Stage) throws {
        let field = TemplateReader.Field(name: "deps")
        for item in try reader.items(node, field, of: "paths") {
            let text = try reader.text(item, field)
            if let path = try projectPath(text, at: item, field, reader, folder: stage.workingDirectory) {
                if stage.dependencies.contains(where: { $0.path == path }) { continue }
                stage.dependencies.append(Dependency(path: path, location: item.location))
            } else {
                stage.externalDependencies.append(ExternalPath(text: text, location: item.location))
            }
        }
    }

    /// Nil if the path leads out of the project: a URL, an absolute path, too many `..`.
    func projectPath(
        _ text: String, at node: YAMLNode, _ field: TemplateReader.Field, _ reader: TemplateReader, folder: RelativePath
    ) throws -> RelativePath? {
        if isURL(text) { return nil }
        do {
            return try reader.path(text, at: node, field, relativeTo: folder)
        } catch PipelineLanguageError.path(.outsideProject, _, _, _) {
            return nil
        }
    }

    private func isURL(_ text: String) -> Bool {
        let scheme = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
        return scheme.first?.isLetter == true && text[scheme.endIndex...].hasPrefix("://")
    }

    /// A key of `params.yaml`, or keys of another file; a file without keys means the whole file.
    private func paramRequests(
        _ node: YAMLNode, _ reader: TemplateReader, folder: RelativePath
    ) throws -> [ParamRequest] {
        let field = TemplateReader.Field(name: "params")
        var requests: [ParamRequest] = []
        var whole: Set<RelativePath> = []
        func add(_ file: String, keys: [YAMLNode], at place: YAMLNode) throws {
            let path = try reader.path(file, at: place, field, relativeTo: folder)
            if keys.isEmpty { whole.insert(path) }
            let index = requests.firstIndex { $0.file == path } ?? requests.count
            if index == requests.count {
                requests.append(ParamRequest(file: path, keys: [], location: place.location))
            }
            for key in keys {
                let name = try reader.text(key, field)
                if requests[index].keys.contains(where: { $0.name == name }) { continue }
                requests[index].keys.append(.init(name: name, location: key.location))
            }
        }
        for item in try reader.items(node, field, of: "keys or files") {
            guard let entries = item.entries else {
                try add("params.yaml", keys: [item], at: item)
                continue
            }
            for entry in entries {
                let file = try reader.key(of: entry, field)
                if entry.value.isNull || entry.value.items?.isEmpty == true || entry.value.entries?.isEmpty == true {
                    try add(file, keys: [], at: entry.key)
                } else {
                    try add(file, keys: try reader.items(entry.value, .init(name: file), of: "keys"), at: entry.key)
                }
            }
        }
        return requests.map { request in
            var request = request
            if whole.contains(request.file) { request.keys = [] }
            return request
        }
    }
}
