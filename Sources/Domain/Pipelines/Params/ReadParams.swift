import Diagnostics
package import Files
package import JSON
import Synchronization

/// A param and its value: the key is dotted, the value no mapping, unless an empty one.
package struct ParamValue: Sendable, Hashable {
    package var key: String
    package var value: JSONValue

    package init(key: String, value: JSONValue) {
        self.key = key
        self.value = value
    }
}

/// Reads params for many stages, each file once.
package final class ParamReader: Sendable {
    private let files: ProjectFiles
    private let contents = Mutex<[RelativePath: JSONObject]>([:])

    package init(files: ProjectFiles) { self.files = files }

    /// The values that the requests ask for, a mapping as its leaves, each key once, in the order asked for.
    ///
    /// A file or key that does not exist is an error.
    package func read(_ requests: [ParamRequest]) throws -> [RelativePath: [ParamValue]] {
        var result: [RelativePath: [ParamValue]] = [:]
        for request in requests {
            let content = try content(of: request.file, for: request)
            var values = result[request.file] ?? []
            var seen = Set(values.map(\.key))
            let found =
                request.keys.isEmpty
                ? leaves(of: .object(content), key: "")
                : try request.keys.flatMap { try self.values(of: $0, in: content, file: request.file) }
            for value in found where seen.insert(value.key).inserted { values.append(value) }
            result[request.file] = values
        }
        return result
    }

    /// Every param of a file; nil if there is no such file.
    package func readAll(of file: RelativePath) throws -> [ParamValue]? {
        guard let content = try loadedContent(of: file) else { return nil }
        return leaves(of: .object(content), key: "")
    }

    private func content(of file: RelativePath, for request: ParamRequest) throws -> JSONObject {
        guard let content = try loadedContent(of: file) else {
            throw ParamError.fileMissing(file, at: request.location)
        }
        return content
    }

    /// A file as it is; nil if there is no such file.
    func content(of file: RelativePath) throws -> JSONObject? { try loadedContent(of: file) }

    private func loadedContent(of file: RelativePath) throws -> JSONObject? {
        if let content = contents.withLock({ $0[file] }) { return content }
        guard let bytes = try files.read(file) else { return nil }
        let content = try parseParamFile(bytes, path: file)
        contents.withLock { $0[file] = content }
        return content
    }

    private func values(
        of key: ParamRequest.ParamKey, in content: JSONObject, file: RelativePath
    ) throws -> [ParamValue] {
        let matches = matchingParams(key.name, in: .object(content))
        guard let match = matches.first else {
            let near = nearestParam(to: key.name, in: .object(content))
            throw ParamError.missing(key: key.name, file: file, near: near, at: key.location)
        }
        if matches.count > 1 {
            throw ParamError.ambiguous(pattern: key.name, file: file, matches: matches.map(\.key), at: key.location)
        }
        return leaves(of: match.value, key: match.key)
    }
}

/// See `ParamReader.read`; for a single call.
package func readParams(
    _ requests: [ParamRequest], from files: ProjectFiles
) throws -> [RelativePath: [ParamValue]] {
    try ParamReader(files: files).read(requests)
}

/// The param or section that a mistyped key most likely meant.
func nearestParam(to key: String, in value: JSONValue) -> String? {
    let params = leaves(of: value, key: "").map(\.key)
    let sections = params.flatMap { param in
        let parts = param.split(separator: ".")
        return (1..<max(1, parts.count)).map { parts[..<$0].joined(separator: ".") }
    }
    return nearestName(to: key, among: params + sections)
}

/// The values below a value, with dotted keys; lists are values, and so are empty mappings.
func leaves(of value: JSONValue, key: String) -> [ParamValue] {
    guard case .object(let object) = value, !object.isEmpty || key.isEmpty else {
        return [ParamValue(key: key, value: value)]
    }
    return object.pairs.flatMap { leaves(of: $0.value, key: key.isEmpty ? $0.key : "\(key).\($0.key)") }
}

/// The values that a dotted key means; parts of it may be patterns (`lr*`), and numbers count in lists.
func matchingParams(_ key: String, in value: JSONValue) -> [ParamValue] {
    if case .object(let object) = value, let literal = object[key] { return [ParamValue(key: key, value: literal)] }
    var found = [ParamValue(key: "", value: value)]
    for part in key.split(separator: ".", omittingEmptySubsequences: false).map(String.init) {
        found = found.flatMap { parent -> [ParamValue] in
            func child(_ name: String, _ value: JSONValue) -> ParamValue {
                ParamValue(key: parent.key.isEmpty ? name : "\(parent.key).\(name)", value: value)
            }
            switch parent.value {
            case .object(let object):
                if let value = object[part] { return [child(part, value)] }
                guard part.contains(where: { "*?[".contains($0) }) else { return [] }
                return object.pairs.filter { matches($0.key, pattern: part) }.map { child($0.key, $0.value) }
            case .array(let items):
                guard let index = Int(part), items.indices.contains(index) else { return [] }
                return [child(part, items[index])]
            default: return []
            }
        }
    }
    return found
}
