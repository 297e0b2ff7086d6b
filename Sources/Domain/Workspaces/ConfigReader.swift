import Diagnostics
import Files
import JSON
import YAML

/// Turns the values of a config file into what they mean, or into an error with their place.
struct ConfigReader {
    let file: String

    /// Calls `body` with each setting's dotted name; one that is not known is an error.
    func forEachSetting(
        in node: YAMLNode, of section: String, known: [String], _ body: (String, YAMLNode) throws -> Void
    ) throws {
        if node.isNull { return }
        guard let entries = node.entries else { throw wrong(section.isEmpty ? file : section, node, "a mapping") }
        let prefix = section.isEmpty ? "" : section + "."
        for entry in entries {
            guard known.contains(entry.name) else {
                throw WorkspaceError.unknownSetting(
                    prefix + entry.name, nearest: nearestName(to: entry.name, among: known).map { prefix + $0 },
                    known: known.map { prefix + $0 }, entry.key.location)
            }
            try body(prefix + entry.name, entry.value)
        }
    }

    /// A mapping of mappings to text, whatever their keys are.
    func mappings(_ name: String, _ node: YAMLNode) throws -> [String: [String: String]] {
        if node.isNull { return [:] }
        guard let entries = node.entries else { throw wrong(name, node, "a mapping") }
        var result: [String: [String: String]] = [:]
        for entry in entries {
            let inner = "\(name).\(entry.name)"
            guard let settings = entry.value.entries else { throw wrong(inner, entry.value, "a mapping") }
            var values: [String: String] = [:]
            for setting in settings { values[setting.name] = try text("\(inner).\(setting.name)", setting.value) }
            result[entry.name] = values
        }
        return result
    }

    func checkVersion(_ node: YAMLNode) throws {
        guard case .integer(let version) = node.value, version > 0 else { throw wrong("version", node, "a version") }
        if version > Config.version { throw WorkspaceError.newerConfig(version: version, node.location) }
    }

    func text(_ name: String, _ node: YAMLNode) throws -> String {
        guard let text = node.text, !text.isEmpty, !node.isNull else { throw wrong(name, node, "text") }
        return text
    }

    func count(_ name: String, _ node: YAMLNode) throws -> Int {
        guard case .integer(let count) = node.value, (1...100_000).contains(count) else {
            throw wrong(name, node, "a number from 1")
        }
        return Int(count)
    }

    func flag(_ name: String, _ node: YAMLNode) throws -> Bool {
        guard case .bool(let flag) = node.value else { throw wrong(name, node, "true or false") }
        return flag
    }

    func choice(_ name: String, _ node: YAMLNode, among choices: [String]) throws -> String {
        guard let text = node.text, choices.contains(text) else {
            throw wrong(name, node, "one of " + choices.joined(separator: ", "))
        }
        return text
    }

    func links(_ name: String, _ node: YAMLNode) throws -> [LinkKind] {
        let names = LinkKind.allCases.map(\.rawValue)
        let kinds = try (node.items ?? [node]).map { item in
            LinkKind(rawValue: try choice(name, item, among: names)) ?? .copy
        }
        if kinds.isEmpty { throw wrong(name, node, "a list of " + names.joined(separator: ", ")) }
        return kinds
    }

    private func wrong(_ name: String, _ node: YAMLNode, _ expected: String) -> WorkspaceError {
        let found = node.text.map { "`\($0)`" } ?? node.kindName
        return .wrongSetting(name, expected: expected, found: node.isNull ? "empty" : found, node.location)
    }
}
