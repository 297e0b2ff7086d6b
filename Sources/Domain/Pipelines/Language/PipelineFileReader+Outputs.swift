import Diagnostics
import Files
import JSON
import YAML

private let outputKeys = ["cache", "persist", "push", "remote", "desc", "type", "labels", "meta", "checkpoint"]
private let plotOutputKeys = ["template", "x", "y", "x_label", "y_label", "title", "header"]

extension PipelineFileReader {
    /// `outs`, `metrics` or `plots` of a stage: paths, or paths with options. Options of a repeated path add up.
    func readOutputs(
        _ node: YAMLNode, role: Output.Role, _ field: TemplateReader.Field, _ reader: TemplateReader,
        into stage: inout Stage
    ) throws {
        var outputs: [Output] = []
        var external: [ExternalPath] = []
        func add(_ text: String, at place: YAMLNode, options: [YAMLNode]) throws {
            let path = try projectPath(text, at: place, field, reader, folder: stage.workingDirectory)
            let index = outputs.firstIndex { $0.path == path } ?? outputs.count
            var output =
                index < outputs.count
                ? outputs[index] : Output(path: path ?? .root, role: role, location: place.location)
            for option in options { try read(option, of: text, field, reader, into: &output) }
            if path == nil {
                if output.isCached {
                    throw PipelineLanguageError.cachedOutputOutside(
                        text, subject: reader.subject, at: place.location)
                }
                external.append(ExternalPath(text: text, location: place.location))
            } else if index < outputs.count {
                outputs[index] = output
            } else {
                outputs.append(output)
            }
        }
        for item in try reader.items(node, field, of: "paths") {
            guard let entries = item.entries else {
                try add(try reader.text(item, field), at: item, options: [])
                continue
            }
            for entry in entries {
                // A plot may have several drawings of one file.
                let options = role == .plot ? entry.value.items ?? [entry.value] : [entry.value]
                try add(try reader.key(of: entry, field), at: entry.key, options: options)
            }
        }
        stage.outputs += outputs
        stage.externalOutputs += external
    }

    private func read(
        _ options: YAMLNode, of path: String, _ field: TemplateReader.Field, _ reader: TemplateReader,
        into output: inout Output
    ) throws {
        if options.isNull { return }
        guard let entries = options.entries else {
            throw reader.wrongType(options, .init(name: path), expected: "options")
        }
        let known = output.role == .plot ? outputKeys + plotOutputKeys : outputKeys
        try refuseUnknownKeys(options, known: known, subject: "\(reader.subject): `\(field.name)`: \(path)")
        for entry in entries {
            let field = TemplateReader.Field(name: entry.name, allowsCollections: true)
            switch entry.name {
            case "cache": output.isCached = try reader.flag(entry.value, field)
            case "persist": output.persists = try reader.flag(entry.value, field)
            case "push": output.isPushed = try reader.flag(entry.value, field)
            case "checkpoint": break  // Gone in DVC 3; still in old files.
            default: output.annotations[entry.name] = try reader.value(entry.value, field)
            }
        }
    }
}
