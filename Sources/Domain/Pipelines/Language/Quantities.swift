import Diagnostics
import JSON
import YAML

extension TemplateReader {
    /// `90s`, `5m`, `1h`, `1h30m`, `2d`, `500ms`; a bare number is seconds.
    func duration(_ node: YAMLNode, _ field: Field) throws -> Duration {
        let value = try value(node, field)
        let duration: Duration? =
            switch value {
            case .integer(let seconds): parsedDuration(String(seconds))
            case .number(let seconds): parsedDuration(String(seconds))
            case .string(let text): parsedDuration(text)
            default: nil
            }
        if let duration { return duration }
        throw quantity(value, node, field, expected: "a duration such as `90s`, `5m` or `1h30m`")
    }

    func count(_ node: YAMLNode, _ field: Field, upTo limit: Int64) throws -> Int {
        let value = try value(node, field)
        if case .integer(let count) = value, (0...limit).contains(count) { return Int(count) }
        throw quantity(value, node, field, expected: "a whole number from 0 to \(limit)")
    }

    /// `4GiB`, `500MB`, `2G` (of 1024), or a number of bytes.
    func byteCount(_ node: YAMLNode, _ field: Field) throws -> UInt64 {
        let value = try value(node, field)
        let bytes: UInt64? =
            switch value {
            case .integer(let bytes): UInt64(exactly: bytes)
            case .string(let text): parsedByteCount(text)
            default: nil
            }
        if let bytes, bytes > 0 { return bytes }
        throw quantity(value, node, field, expected: "a size such as `4GiB` or `500MB`")
    }

    func quantity(
        _ value: JSONValue, _ node: YAMLNode, _ field: Field, expected: String
    ) -> PipelineLanguageError {
        let shown = templateText(value) ?? node.kindName
        return .quantity(shown, subject: subject, field: field.name, expected: expected, at: node.location)
    }
}

/// Nil unless it is a positive duration of at most a year.
func parsedDuration(_ text: String) -> Duration? {
    let units: [String: Double] = ["ms": 0.001, "": 1, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400]
    var rest = Substring(text)
    var seconds = 0.0
    while !rest.isEmpty {
        let digits = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
        rest = rest.dropFirst(digits.count)
        let unit = rest.prefix { $0.isASCII && $0.isLetter }
        rest = rest.dropFirst(unit.count)
        guard let amount = Double(digits), let factor = units[String(unit)] else { return nil }
        seconds += amount * factor
    }
    guard seconds > 0, seconds <= 366 * 86400 else { return nil }
    return .milliseconds(Int64((seconds * 1000).rounded(.up)))
}

func parsedByteCount(_ text: String) -> UInt64? {
    let kib = 1024.0
    let units: [String: Double] = [
        "": 1, "b": 1, "k": kib, "kib": kib, "kb": 1e3, "m": kib * kib, "mib": kib * kib, "mb": 1e6,
        "g": kib * kib * kib, "gib": kib * kib * kib, "gb": 1e9, "t": kib * kib * kib * kib,
        "tib": kib * kib * kib * kib, "tb": 1e12,
    ]
    let digits = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
    let unit = text[digits.endIndex...].drop(while: \.isWhitespace).lowercased()
    guard let amount = Double(digits), let factor = units[unit], amount * factor < 1e18 else { return nil }
    return UInt64(amount * factor)
}

extension PipelineFileReader {
    /// `env`: a list of names to pass on, or a mapping from names to values (null: pass on).
    func environment(
        _ node: YAMLNode, _ field: TemplateReader.Field, _ reader: TemplateReader
    ) throws -> [EnvironmentVariable] {
        if let items = node.items {
            return try items.map { EnvironmentVariable(name: try reader.text($0, field), value: nil) }
        }
        guard let entries = node.entries else {
            throw reader.wrongType(node, field, expected: "a list of names or a mapping")
        }
        return try entries.map { entry in
            let field = TemplateReader.Field(name: "env.\(entry.name)")
            let value = try reader.value(entry.value, field)
            guard value != .null else { return EnvironmentVariable(name: entry.name, value: nil) }
            guard let text = templateText(value) else {
                throw reader.wrongType(entry.value, field, expected: "text")
            }
            return EnvironmentVariable(name: entry.name, value: text)
        }
    }

    func resources(_ node: YAMLNode, _ reader: TemplateReader) throws -> Resources {
        guard let entries = node.entries else {
            throw reader.wrongType(node, .init(name: "resources"), expected: "a mapping")
        }
        try refuseUnknownKeys(node, known: ["cpus", "memory", "gpus"], subject: "\(reader.subject): `resources`")
        var resources = Resources()
        for entry in entries {
            let field = TemplateReader.Field(name: "resources.\(entry.name)")
            switch entry.name {
            case "memory": resources.memoryBytes = try reader.byteCount(entry.value, field)
            case "gpus": resources.gpus = try reader.count(entry.value, field, upTo: 1024)
            default:
                let value = try reader.value(entry.value, field)
                switch value {
                case .integer(let cpus) where (0...4096).contains(cpus): resources.cpus = Double(cpus)
                case .number(let cpus) where cpus >= 0 && cpus <= 4096: resources.cpus = cpus
                default: throw reader.quantity(value, entry.value, field, expected: "a number of cores")
                }
            }
        }
        return resources
    }
}
