import Diagnostics
import Files
import JSON
import YAML

extension PipelineFileReader {
    /// What `${…}` can name in the whole file: `params.yaml` beside it, then `vars` in their order.
    mutating func globalScope(_ reader: TemplateReader) throws -> TemplateScope {
        var scope = TemplateScope()
        let start = SourceLocation(file: path.description, line: 1, column: 1)
        let defaultFile = folder.appending(name: "params.yaml".utf8)
        if let content = try files.read(defaultFile) {
            filesRead.append(defaultFile)
            let values = try templateValues(content, of: defaultFile, at: start)
            _ = try scope.startLoading(defaultFile, keys: nil, at: start)
            try scope.merge(values, from: defaultFile.description, at: start)
        }
        if let node = document.root["vars"] {
            try load(vars: node, relativeTo: folder, source: "vars", reader, into: &scope)
        }
        return scope
    }

    /// Adds each item of a `vars` list: a file, some keys of a file (`file:a,b`), or a mapping of values.
    mutating func load(
        vars node: YAMLNode, relativeTo folder: RelativePath, source: String, _ reader: TemplateReader,
        into scope: inout TemplateScope
    ) throws {
        let field = TemplateReader.Field(name: "vars")
        try reader.refuseTemplates(in: node, field)
        for (index, item) in try reader.items(node, field, of: "files or mappings").enumerated() {
            if case .object(let values) = item.value(keepingKeys: isTemplateKey) {
                try scope.merge(values, from: "\(source)[\(index)]", at: item.location)
            } else {
                try load(try reader.text(item, field), at: item, relativeTo: folder, reader, into: &scope)
            }
        }
    }

    private mutating func load(
        _ reference: String, at item: YAMLNode, relativeTo folder: RelativePath, _ reader: TemplateReader,
        into scope: inout TemplateScope
    ) throws {
        let parts = reference.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let names = parts.count > 1 ? parts[1].split(separator: ",").map(String.init) : []
        let file = try reader.path(parts[0], at: item, .init(name: "vars"), relativeTo: folder)
        guard try scope.startLoading(file, keys: names.isEmpty ? nil : names, at: item.location) else { return }
        guard let content = try files.read(file) else {
            throw PipelineLanguageError.varsFileMissing(file, at: item.location)
        }
        if !filesRead.contains(file) { filesRead.append(file) }
        let values = try templateValues(content, of: file, at: item.location)
        if names.isEmpty { return try scope.merge(values, from: file.description, at: item.location) }
        var chosen = JSONObject()
        for name in names {
            guard let value = values[name] else {
                let near = nearestName(to: name, among: values.keys)
                throw PipelineLanguageError.varsKeyMissing(name, file: file, near: near, at: item.location)
            }
            chosen[name] = value
        }
        try scope.merge(chosen, from: file.description, at: item.location)
    }

    private func templateValues(
        _ content: [UInt8], of file: RelativePath, at place: SourceLocation
    ) throws -> JSONObject {
        guard ParamFormat(of: file) == .yaml else { return try parseParamFile(content, path: file) }
        let root = try YAMLDocument(parsing: content, file: file.description).root
        if root.isNull { return [:] }
        guard case .object(let values) = root.value(keepingKeys: isTemplateKey) else {
            throw PipelineLanguageError.varsFileNotMapping(file, at: place)
        }
        return values
    }
}

/// DVC's templates do not see keys that are numbers or flags: a `foreach` over such a mapping has no stage for them.
private func isTemplateKey(_ key: YAMLNode) -> Bool {
    if case .string = key.value { true } else { false }
}
