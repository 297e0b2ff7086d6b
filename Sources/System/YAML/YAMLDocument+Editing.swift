import Diagnostics
package import JSON

/// Changes of a file's text that leave all else as it is: comments, order, quotes, blank lines.
///
/// Each edit splices the source, reads the result again and compares: if the file then says anything but what was
/// asked for, the edit is refused. A path names keys, and positions in lists.
extension YAMLDocument {
    package enum Style: Sendable {
        /// A new collection on one line.
        case flow
        /// One line for each item, where the place allows.
        case block
        /// As JSON, in a file that is JSON.
        case json
    }

    /// Sets the value at `path`; keys that do not exist are added, with mappings on the way to them.
    package func setting(_ path: [String], to value: JSONValue, style: Style = .flow) throws -> YAMLDocument {
        let splice = try Splicer(document: self, path: path, style: style).set(value)
        return try spliced(splice, path, expecting: root.value.setting(path[...], to: value))
    }

    /// Adds an item to the end of the list at `path`.
    package func appending(_ value: JSONValue, to path: [String], style: Style = .flow) throws -> YAMLDocument {
        let count = try node(at: path).items?.count ?? 0
        let splice = try Splicer(document: self, path: path, style: style).append(value)
        return try spliced(splice, path, expecting: root.value.setting(path + [String(count)], to: value))
    }

    /// Takes away the key or item at `path`.
    package func removing(_ path: [String]) throws -> YAMLDocument {
        _ = try node(at: path)
        let splice = try Splicer(document: self, path: path, style: .flow).remove()
        return try spliced(splice, path, expecting: root.value.setting(path[...], to: nil))
    }

    /// The value at `path`; an error names the nearest one if there is none.
    package func node(at path: [String]) throws -> YAMLNode {
        var node = root
        for (depth, name) in path.enumerated() {
            guard let next = node.child(name) else {
                let shown = path[...depth].joined(separator: ".")
                let near = nearestName(to: name, among: node.entries?.map(\.name) ?? [])
                throw YAMLError.pathNotFound(
                    shown, file: file, near: near.map { (path[..<depth] + [$0]).joined(separator: ".") })
            }
            node = next
        }
        return node
    }

    private func spliced(_ splice: Splice, _ path: [String], expecting expected: JSONValue) throws -> YAMLDocument {
        let bytes = source[..<splice.range.lowerBound] + Array(splice.text.utf8) + source[splice.range.upperBound...]
        let result = try? YAMLDocument(parsing: Array(bytes), file: file)
        guard let result, result.root.value.comparableText == expected.comparableText else {
            throw YAMLError.cannotEdit(path.joined(separator: "."), at: location(of: path))
        }
        return result
    }

    private func location(of path: [String]) -> SourceLocation {
        var node = root
        for name in path {
            guard let next = node.child(name) else { break }
            node = next
        }
        return node.location
    }
}

extension YAMLNode {
    /// The value of a key, or the item at a position.
    func child(_ name: String) -> YAMLNode? {
        if let items { return Int(name).flatMap { items.indices.contains($0) ? items[$0] : nil } }
        return self[name]
    }
}

extension JSONValue {
    /// Equal for values that say the same: whatever the order of keys, and NaN like NaN.
    fileprivate var comparableText: String { sortedByKey.text() }

    private var sortedByKey: JSONValue {
        switch self {
        case .array(let items): return .array(items.map(\.sortedByKey))
        case .object(let object):
            var sorted = JSONObject()
            for (key, value) in object.pairs.sorted(by: { $0.key < $1.key }) { sorted[key] = value.sortedByKey }
            return .object(sorted)
        default: return self
        }
    }

    /// This value with another at `path`, or without it if `new` is nil.
    fileprivate func setting(_ path: ArraySlice<String>, to new: JSONValue?) -> JSONValue {
        guard let name = path.first else { return new ?? .null }
        let rest = path.dropFirst()
        switch self {
        case .array(var items):
            guard let index = Int(name), index >= 0, index <= items.count else { return self }
            if rest.isEmpty, new == nil {
                items.remove(at: index)
            } else if index == items.count {
                items.append(JSONValue.null.setting(rest, to: new))
            } else {
                items[index] = items[index].setting(rest, to: new)
            }
            return .array(items)
        case .object(var object):
            object[name] = rest.isEmpty ? new : (object[name] ?? .null).setting(rest, to: new)
            return .object(object)
        default:
            // Nothing is there yet: the first item of a list if the caller appends, else a mapping.
            if name == "0", rest.isEmpty, let new { return .array([new]) }
            return JSONValue.object([:]).setting(path, to: new)
        }
    }

    fileprivate func setting(_ path: [String], to new: JSONValue?) -> JSONValue { setting(path[...], to: new) }
}
