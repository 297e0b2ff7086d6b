import Diagnostics
import FoundationEssentials

extension RunColumn {
    /// Reads a column as it stands in filters: `status`, `metrics.loss`, ``params.`learning rate` ``.
    package init(parsing text: String) throws {
        var parser = try FilterParser(text, source: "column")
        self = try parser.parseColumn()
    }

    init(parts: [FilterLexer.Token.Part]) throws(FilterMistake.Problem) {
        guard let first = parts.first else { throw .missingKey(entity: "a column") }
        // The entity ends at the first dot; the key is all that follows.
        guard !first.isQuoted, let dot = first.text.firstIndex(of: ".") else {
            self = .attribute(try RunAttribute(name: parts.map(\.text).joined()))
            return
        }
        let entity = String(first.text[..<dot])
        let key = String(first.text[first.text.index(after: dot)...]) + parts.dropFirst().map(\.text).joined()
        if key.isEmpty { throw .missingKey(entity: entity) }
        switch entity.lowercased() {
        case "metrics", "metric": self = .metric(key)
        case "params", "param", "parameters", "parameter": self = .param(key)
        case "tags", "tag": self = .tag(key)
        case "attributes", "attribute", "attr", "run": self = .attribute(try RunAttribute(name: key))
        case "stages", "stage": self = try RunColumn.stage(key)
        default:
            let entities = ["metrics", "params", "tags", "stages", "attributes"]
            throw .unknownEntity(entity, nearest: nearestName(to: entity, among: entities))
        }
    }

    /// A stage's name may hold dots; the field is what follows the last one.
    private static func stage(_ key: String) throws(FilterMistake.Problem) -> RunColumn {
        guard let dot = key.lastIndex(of: ".") else { throw .missingKey(entity: "stages.\(key)") }
        let name = String(key[..<dot])
        let field = String(key[key.index(after: dot)...])
        guard let known = StageField(rawValue: field.lowercased()) else {
            let names = StageField.allCases.map(\.rawValue)
            throw .unknownStageField(field, nearest: nearestName(to: field, among: names))
        }
        return .stage(name, known)
    }
}

extension RunColumn: CustomStringConvertible {
    /// As it is written in a filter.
    package var description: String {
        switch self {
        case .attribute(let attribute): attribute.rawValue
        case .metric(let key): "metrics.\(quoted(key))"
        case .param(let key): "params.\(quoted(key))"
        case .tag(let key): "tags.\(quoted(key))"
        case .stage(let name, let field): "stages.\(quoted(name)).\(field.rawValue)"
        }
    }

    private func quoted(_ key: String) -> String {
        let isPlain = key.allSatisfy { $0.isLetter || $0.isNumber || "_.-/:@%".contains($0) }
        return isPlain && !key.isEmpty
            ? key
            : "`"
                + key.split(separator: "`", omittingEmptySubsequences: false)
                .joined(separator: "``") + "`"
    }
}

extension RunSort {
    /// Reads an order: `metrics.accuracy desc, start_time`.
    package static func parse(_ text: String) throws -> [RunSort] {
        var parser = try FilterParser(text, source: "order")
        return try parser.parseSort()
    }
}

extension RunFilter {
    /// Reads a filter. An empty one lets all runs pass.
    package init(parsing text: String) throws {
        var parser = try FilterParser(text)
        self = try parser.parseFilter()
    }
}

extension RunAttribute {
    /// By its own name or one of MLflow's.
    init(name: String) throws(FilterMistake.Problem) {
        let plain = name.lowercased().split(separator: " ").joined(separator: "_")
        let others: [String: RunAttribute] = [
            "run_id": .id, "run_name": .name, "user_id": .user, "created": .startTime, "started": .startTime,
            "ended": .endTime, "git_commit": .commit, "git_branch": .branch,
        ]
        if let attribute = RunAttribute(rawValue: plain) ?? others[plain] {
            self = attribute
        } else {
            let names = RunAttribute.allCases.map(\.rawValue)
            throw .unknownAttribute(name, nearest: nearestName(to: plain, among: names))
        }
    }
}
