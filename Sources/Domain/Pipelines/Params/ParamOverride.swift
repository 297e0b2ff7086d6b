package import Files
package import JSON
import TOML
import YAML

/// A param that a run is to have: `train.dim=50`, `other.yaml:key=value`; `+key=value` adds one, `~key` removes one.
package struct ParamOverride: Sendable, Equatable {
    package enum Action: Sendable, Equatable {
        /// The param must exist.
        case change(JSONValue)
        /// It must not.
        case add(JSONValue)
        case remove
    }

    /// Nil: the project's `params.yaml`.
    package var file: RelativePath?
    package var key: [String]
    package var action: Action

    /// The value is YAML: `50` is a number, `true` a flag, `[1, 2]` a list, anything else text.
    package init(parsing text: String) throws {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        var name = Substring(parts[0])
        var file: Substring?
        func takeSign() -> Character? {
            guard let first = name.first, first == "+" || first == "~" else { return nil }
            return name.removeFirst()
        }
        var sign = takeSign()
        if let colon = name.lastIndex(of: ":") {
            file = name[..<colon]
            name = name[name.index(after: colon)...]
            sign = sign ?? takeSign()
        }
        key = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard !key.contains(""), sign == "~" || parts.count == 2, file?.isEmpty != true else {
            throw ParamError.overrideSyntax(text)
        }
        self.file = try file.map { try RelativePath(parsing: String($0)) }
        switch sign {
        case "~": action = .remove
        case "+": action = .add(Self.value(parts[1]))
        default: action = .change(Self.value(parts[1]))
        }
    }

    private static func value(_ text: String) -> JSONValue {
        if text.isEmpty { return .string("") }
        guard let root = try? YAMLDocument(parsing: Array(text.utf8), file: "value").root else { return .string(text) }
        // `a: b` on a command line is a text, not a mapping; `{a: b}` is one.
        let isBlock = root.text == nil && !root.isFlow
        return isBlock ? .string(text) : root.value
    }
}

/// The files that the overrides change, with their new content: comments, order and spelling of all else are kept.
///
/// Nothing is written: the caller does that, once all overrides are known to be right.
package func edited(
    _ overrides: [ParamOverride], in files: ProjectFiles, defaultFile: RelativePath
) throws -> [(file: RelativePath, content: [UInt8])] {
    var order: [RelativePath] = []
    var contents: [RelativePath: [UInt8]] = [:]
    for override in overrides {
        let file = override.file ?? defaultFile
        if contents[file] == nil {
            order.append(file)
            contents[file] = try files.read(file)
        }
        guard let content = contents[file] else { throw ParamError.fileMissing(file, at: nil) }
        contents[file] = try edited(content, of: file, by: override)
    }
    return try order.compactMap { file in
        guard let content = contents[file], try content != files.read(file) else { return nil }
        return (file, content)
    }
}

private func edited(_ content: [UInt8], of file: RelativePath, by override: ParamOverride) throws -> [UInt8] {
    let values = JSONValue.object(try parseParamFile(content, path: file))
    let name = override.key.joined(separator: ".")
    let matches = matchingParams(name, in: values)
    let key = matches.first.map { exactPath(override.key, in: values) ?? [$0.key] } ?? override.key
    switch override.action {
    case .change, .remove:
        guard matches.count == 1 else { throw unknown(override, name, values, matches, file) }
    case .add:
        if !matches.isEmpty { throw ParamError.overrideExists(key: name, file: file) }
    }
    let format = ParamFormat(of: file)
    if format == .toml || format == .python {
        guard case .change(let value) = override.action else {
            throw ParamError.cannotEdit(file, reason: "params can be changed in it, not added or removed")
        }
        return try edited(content, of: file, format, key, to: value)
    }
    let document = try YAMLDocument(parsing: content, file: file.description)
    let style: YAMLDocument.Style = format == .json ? .json : .flow
    switch override.action {
    case .change(let value), .add(let value): return try document.setting(key, to: value, style: style).source
    case .remove: return try document.removing(key).source
    }
}

private func edited(
    _ content: [UInt8], of file: RelativePath, _ format: ParamFormat, _ key: [String], to value: JSONValue
) throws -> [UInt8] {
    let name = file.description
    let result =
        format == .toml
        ? try TOMLDocument(parsing: content, file: name).setting(key, to: value)?.source
        : try PythonParams.setting(key, to: value, in: content, file: name)
    let check = try result.map {
        matchingParams(key.joined(separator: "."), in: .object(try parseParamFile($0, path: file)))
    }
    guard let result, check?.first?.value.text() == value.text() else {
        throw ParamError.cannotEdit(file, reason: "`\(key.joined(separator: "."))` is not a literal of its own")
    }
    return result
}

/// The names on the way to a param: its dotted parts, or the whole text where a file has a key with dots in it.
private func exactPath(_ key: [String], in values: JSONValue) -> [String]? {
    let name = key.joined(separator: ".")
    if case .object(let object) = values, object[name] != nil { return [name] }
    let match = matchingParams(name, in: values).first
    return match?.key.split(separator: ".").map(String.init)
}

private func unknown(
    _ override: ParamOverride, _ name: String, _ values: JSONValue, _ matches: [ParamValue], _ file: RelativePath
) -> ParamError {
    if matches.count > 1 { return .ambiguous(pattern: name, file: file, matches: matches.map(\.key), at: nil) }
    return .overrideUnknown(key: name, file: file, near: nearestParam(to: name, in: values))
}
