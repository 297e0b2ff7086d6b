import Diagnostics
import Files
import JSON
import YAML

/// What may stand in a stage: DVC's keys, then ours.
let stageKeys = [
    "cmd", "wdir", "deps", "params", "outs", "metrics", "plots", "frozen", "always_changed", "desc", "meta", "vars",
    "resources", "timeout", "retries", "env", "deterministic",
]
private let stageAndMatrixKeys = stageKeys + ["matrix"]

extension PipelineFileReader {
    /// One stage, from its body and the values that `${…}` can name.
    mutating func readStage(
        named name: String, _ body: YAMLNode, at place: SourceLocation, _ reader: TemplateReader
    ) throws -> Stage {
        var reader = reader
        reader.subject = "stage \(name)"
        try refuseUnknownKeys(body, known: stageAndMatrixKeys, subject: reader.subject)
        var folder = folder
        if let node = body["wdir"] { folder = try reader.path(node, .init(name: "wdir"), relativeTo: folder) }
        if let vars = body["vars"] {
            try load(vars: vars, relativeTo: folder, source: "vars of stage \(name)", reader, into: &reader.scope)
        }
        guard let command = body["cmd"] else {
            throw PipelineLanguageError.keyMissing("cmd", subject: reader.subject, at: place)
        }
        let (commands, text) = try commands(command, reader)
        var stage = Stage(name: stageName(name), commands: commands, location: place)
        stage.commandText = text
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

    /// Each line of a text is a command of its own; an item of a list is one command, whatever its lines. The text is
    /// nil for a list.
    private func commands(_ node: YAMLNode, _ reader: TemplateReader) throws -> (commands: [String], text: String?) {
        let field = TemplateReader.Field(name: "cmd", allowsOptions: true)
        if node.entries != nil { throw reader.wrongType(node, field, expected: "text or a list of texts") }
        let text = try node.items == nil ? reader.text(node, field) : nil
        let commands = try text.map(lines) ?? reader.texts(node, field)
        let real = commands.filter { !$0.allSatisfy(\.isWhitespace) }
        if real.isEmpty { throw PipelineLanguageError.keyMissing("cmd", subject: reader.subject, at: node.location) }
        return (real, text)
    }

    private func lines(_ text: String) -> [String] {
        // Nearly all commands are one line of plain letters; to look for line breaks by Unicode's rules takes long.
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x80 }) { return [text] }
        return text.split(whereSeparator: \.isNewline).map(String.init)
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
        guard let end = text.utf8.firstIndex(of: UInt8(ascii: ":")), text[end...].hasPrefix("://") else { return false }
        let scheme = text[..<end]
        return scheme.first?.isLetter == true
            && scheme.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
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
