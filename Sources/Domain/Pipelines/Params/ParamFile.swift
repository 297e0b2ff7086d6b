import Files
import JSON
import TOML
import YAML

/// What a params file holds, by its name: YAML, JSON, TOML or Python; anything else is read as YAML, as in DVC.
func parseParamFile(_ content: [UInt8], path: RelativePath) throws -> JSONObject {
    let value: JSONValue =
        switch ParamFormat(of: path) {
        case .json: try JSONValue(parsing: content, file: path.description)
        case .toml: .object(try TOMLDocument(parsing: content, file: path.description).root)
        case .python: .object(try PythonParams(parsing: content, file: path.description).root)
        case .yaml: try YAMLDocument(parsing: content, file: path.description).root.value
        }
    switch value {
    case .object(let object): return object
    case .null: return [:]
    default: throw ParamError.notMapping(path)
    }
}

enum ParamFormat {
    case yaml, json, toml, python

    init(of path: RelativePath) {
        let name = String(decoding: path.name, as: UTF8.self).lowercased()
        self =
            switch name.split(separator: ".").last {
            case "json": .json
            case "toml": .toml
            case "py": .python
            default: .yaml
            }
    }
}
