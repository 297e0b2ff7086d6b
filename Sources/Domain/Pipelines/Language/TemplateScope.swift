import Diagnostics
import Files
import JSON

/// The values that `${…}` can name: those of `params.yaml`, of `vars`, and in a generated stage `item` and `key`.
struct TemplateScope {
    private(set) var values: JSONObject = [:]
    /// In a stage of `foreach` or `matrix`.
    var item: JSONValue?
    var key: JSONValue?
    /// Where each part came from, to say so when a later one defines a name again.
    private var layers: [(source: String, values: JSONObject)] = []
    /// Files taken in, with the keys taken; nil for the whole file.
    private var loaded: [RelativePath: [String]?] = [:]

    /// The value at a path of names and list indices.
    func value(at path: [String]) -> JSONValue? {
        guard let first = path.first else { return nil }
        let start: JSONValue? =
            switch first {
            case "item" where item != nil: item
            case "key" where key != nil: key
            default: values[first]
            }
        return path.dropFirst().reduce(start) { value, name in
            switch value {
            case .object(let object): return object[name]
            case .array(let items):
                guard let index = Int(name) else { return nil }
                let position = index < 0 ? items.count + index : index
                return items.indices.contains(position) ? items[position] : nil
            default: return nil
            }
        }
    }

    /// The defined name that is nearest to a mistyped one.
    func nearest(to path: [String]) -> String? {
        var names = flattened(values).map(\.name) + values.keys
        if let item {
            names.append("item")
            if case .object(let object) = item { names += flattened(object, prefix: "item").map(\.name) }
        }
        if key != nil { names.append("key") }
        return nearestName(to: path.joined(separator: "."), among: names)
    }

    /// Adds values; mappings merge, but a leaf may be defined only once.
    mutating func merge(_ added: JSONObject, from source: String, at place: SourceLocation) throws {
        for reserved in ["item", "key"] where added[reserved] != nil && (reserved == "item" ? item : key) != nil {
            throw PipelineLanguageError.varReserved(reserved, at: place)
        }
        if let name = Self.merge(added, into: &values, prefix: "") {
            let first = layers.first { layer in
                Template.path(of: name).flatMap { TemplateScope(values: layer.values).value(at: $0) } != nil
            }
            throw PipelineLanguageError.varRedefined(name, source: source, first: first?.source ?? "vars", at: place)
        }
        layers.append((source, added))
    }

    init() {}

    private init(values: JSONObject) { self.values = values }

    /// The name of a leaf that both define, if there is one.
    private static func merge(_ added: JSONObject, into values: inout JSONObject, prefix: String) -> String? {
        for (key, value) in added.pairs {
            let name = prefix.isEmpty ? key : "\(prefix).\(key)"
            switch (values[key], value) {
            case (.object(var inner), .object(let update)):
                if let conflict = merge(update, into: &inner, prefix: name) { return conflict }
                values[key] = .object(inner)
            case (nil, _): values[key] = value
            default: return name
            }
        }
        return nil
    }

    /// Notes that a file, or some keys of it, is about to be taken in. False: it is already there as a whole.
    mutating func startLoading(_ file: RelativePath, keys: [String]?, at place: SourceLocation) throws -> Bool {
        guard let before = loaded[file] else {
            loaded[file] = .some(keys)
            return true
        }
        switch (before, keys) {
        case (nil, nil): return false
        case (let old?, let new?) where Set(old).isDisjoint(with: new):
            loaded[file] = .some(old + new)
            return true
        default: throw PipelineLanguageError.varsLoadedTwice(file, at: place)
        }
    }
}
