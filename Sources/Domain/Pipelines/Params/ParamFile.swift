import Files
import JSON
import YAML

/// What a params file holds, by its name: YAML, JSON, TOML or Python; anything else is read as YAML, as in DVC.
func parseParamFile(_ content: [UInt8], path: RelativePath) throws -> JSONObject {
    let value: JSONValue =
        switch ParamFormat(of: path) {
        case .json: try JSONValue(parsing: content, file: path.description)
        case .yaml: try YAMLDocument(parsing: content, file: path.description).root.value
        }
    switch value {
    case .object(let object): return object
    case .null: return [:]
    default: throw ParamError.notMapping(path)
    }
}

enum ParamFormat {
    case yaml, json

    init(of path: RelativePath) {
        let name = String(decoding: path.name, as: UTF8.self).lowercased()
        self = name.hasSuffix(".json") ? .json : .yaml
    }
}
