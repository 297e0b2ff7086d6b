import Diagnostics
import JSON
import YAML

extension PipelineFileReader {
    static let maximumGeneratedStages = 200_000

    /// The stages of one entry below `stages`: one, or as many as its `foreach` or `matrix` makes.
    mutating func generatedStages(_ entry: YAMLEntry, _ reader: TemplateReader) throws -> [Stage] {
        var reader = reader
        reader.subject = "stage \(entry.name)"
        guard entry.value.entries != nil else {
            throw reader.wrongType(entry.value, .init(name: entry.name), expected: "a mapping")
        }
        if entry.value["matrix"] != nil { return try matrixStages(entry, reader) }
        if entry.value["foreach"] != nil || entry.value["do"] != nil { return try foreachStages(entry, reader) }
        return [try readStage(named: entry.name, entry.value, at: entry.key.location, reader)]
    }

    private mutating func foreachStages(_ entry: YAMLEntry, _ reader: TemplateReader) throws -> [Stage] {
        for property in entry.value.entries ?? [] where property.name != "foreach" && property.name != "do" {
            if stageKeys.contains(property.name) {
                throw PipelineLanguageError.keysExclude(
                    property.name, "foreach", subject: reader.subject, at: property.key.location)
            }
        }
        try refuseUnknownKeys(entry.value, known: ["foreach", "do"], subject: reader.subject)
        guard let list = entry.value["foreach"], let body = entry.value["do"] else {
            let missing = entry.value["do"] == nil ? "do" : "foreach"
            throw PipelineLanguageError.keyMissing(missing, subject: reader.subject, at: entry.key.location)
        }
        guard body.entries != nil else { throw reader.wrongType(body, .init(name: "do"), expected: "a mapping") }
        let field = TemplateReader.Field(name: "foreach", allowsCollections: true)
        let items: [(name: String, key: JSONValue?, item: JSONValue)]
        switch try reader.value(list, field) {
        case .array(let values):
            let hasCollections = values.contains { templateText($0) == nil }
            items = values.enumerated().map { index, value in
                (hasCollections ? String(index) : itemName(value, at: index, of: list) ?? String(index), nil, value)
            }
        case .object(let object):
            items = object.pairs.map { ($0.key, .string($0.key), $0.value) }
        default: throw reader.wrongType(list, field, expected: "a list or a mapping")
        }
        // Of equal names the last counts, in the place of the first, as in DVC.
        var latest: [String: Int] = [:]
        for (index, item) in items.enumerated() { latest[item.name] = index }
        var stages: [Stage] = []
        for (name, _, _) in items {
            guard let index = latest.removeValue(forKey: name) else { continue }
            var scoped = reader
            scoped.scope.item = items[index].item
            scoped.scope.key = items[index].key
            stages.append(try readStage(named: "\(entry.name)@\(name)", body, at: entry.key.location, scoped))
        }
        return stages
    }

    private mutating func matrixStages(_ entry: YAMLEntry, _ reader: TemplateReader) throws -> [Stage] {
        guard let matrix = entry.value["matrix"] else { return [] }
        for name in ["foreach", "do"] {
            guard let property = entry.value.entry(name) else { continue }
            throw PipelineLanguageError.keysExclude(
                name, "matrix", subject: reader.subject, at: property.key.location)
        }
        let field = TemplateReader.Field(name: "matrix", allowsCollections: true)
        guard let dimensions = matrix.entries else {
            throw reader.wrongType(matrix, field, expected: "a mapping of lists")
        }
        var combinations: [(fragments: [String], item: JSONObject)] = [([], [:])]
        for dimension in dimensions {
            let name = try reader.key(of: dimension, field)
            let values: [JSONValue]
            switch try reader.value(dimension.value, field) {
            case .array(let items): values = items
            case .object(let object): values = object.keys.map(JSONValue.string)
            default: throw reader.wrongType(dimension.value, .init(name: "matrix.\(name)"), expected: "a list")
            }
            guard combinations.count * values.count <= Self.maximumGeneratedStages else {
                throw PipelineLanguageError.tooManyStages(
                    group: entry.name, limit: Self.maximumGeneratedStages, at: matrix.location)
            }
            combinations = combinations.flatMap { fragments, item in
                values.enumerated().map { index, value in
                    var item = item
                    item[name] = value
                    let fragment = itemName(value, at: index, of: dimension.value) ?? "\(name)\(index)"
                    return (fragments + [fragment], item)
                }
            }
        }
        var latest: [String: Int] = [:]
        let names = combinations.map { $0.fragments.joined(separator: "-") }
        for (index, name) in names.enumerated() { latest[name] = index }
        var stages: [Stage] = []
        for name in names {
            guard let index = latest.removeValue(forKey: name) else { continue }
            var scoped = reader
            scoped.scope.item = .object(combinations[index].item)
            scoped.scope.key = .string(name)
            stages.append(try readStage(named: "\(entry.name)@\(name)", entry.value, at: entry.key.location, scoped))
        }
        return stages
    }

    /// How an item is spelled in the name of its stage; nil for a list or a mapping.
    ///
    /// DVC spells a flag as Python does if it came by a `${…}`, and as YAML does if it was written in the list.
    private func itemName(_ value: JSONValue, at index: Int, of list: YAMLNode) -> String? {
        let written = list.items.map { $0[index] } ?? list
        if case .bool(let flag) = value, Template(written.text ?? "") != nil { return flag ? "True" : "False" }
        return templateText(value)
    }
}
