import Experiments

/// MLflow's run filters and orders in the words of our store.
struct RunSearch {
    let store: any TrackingStore

    func filter(_ text: String) throws -> RunFilter? {
        let conditions = try MLflowFilter(parsing: text).conditions
        if conditions.isEmpty { return nil }
        return .all(try conditions.map(filter))
    }

    func sort(_ texts: [String]) throws -> [RunSort] {
        var keys: [RunSort] = []
        for text in texts {
            let order = try MLflowOrder(parsing: text)
            let sort = RunSort(try column(order.entity, order.key), order.isAscending ? .ascending : .descending)
            if keys.contains(where: { $0.column == sort.column }) {
                throw MLflowError.invalid("`order_by` contains duplicate fields: \(texts)")
            }
            keys.append(sort)
        }
        return keys
    }

    private enum Entity: String, CaseIterable { case metric, parameter, tag, attribute, dataset }

    private static let entities: [String: Entity] = [
        "metric": .metric, "metrics": .metric, "param": .parameter, "params": .parameter, "parameter": .parameter,
        "parameters": .parameter, "tag": .tag, "tags": .tag, "attribute": .attribute, "attributes": .attribute,
        "attr": .attribute, "run": .attribute, "dataset": .dataset, "datasets": .dataset,
    ]

    private func entity(_ name: String?) throws -> Entity {
        guard let name else { return .attribute }
        guard let entity = Self.entities[name] else {
            throw MLflowError.invalid(
                "Invalid entity type '\(name)'. Valid values are "
                    + "['metric', 'parameter', 'tag', 'attribute', 'dataset']")
        }
        return entity
    }

    private func column(_ entityName: String?, _ key: String) throws -> RunColumn {
        switch try entity(entityName) {
        case .metric: return .metric(key)
        case .parameter: return .param(key)
        case .tag: return .tag(key)
        case .attribute: return .attribute(try attribute(key))
        case .dataset: throw MLflowError.invalid("Invalid order_by entity `dataset` with key `\(key)`")
        }
    }

    private static let attributes: [String: RunAttribute] = [
        "run_id": .id, "run_name": .name, "run name": .name, "Run name": .name, "Run Name": .name, "user_id": .user,
        "status": .status, "start_time": .startTime, "end_time": .endTime, "created": .startTime,
        "Created": .startTime,
    ]

    private func attribute(_ key: String) throws -> RunAttribute {
        guard let attribute = Self.attributes[key] else {
            throw MLflowError.invalid(
                "Invalid attribute key '\(key)' specified. Valid keys are \(Self.attributes.keys.sorted())")
        }
        return attribute
    }

    // MARK: Conditions

    private func filter(_ condition: MLflowFilter.Condition) throws -> RunFilter {
        switch try entity(condition.entity) {
        case .metric: return .condition(.metric(condition.key), try numeric(condition.test, "metric"))
        case .parameter: return .condition(.param(condition.key), try text(condition.test, "parameter"))
        case .tag: return .condition(.tag(condition.key), try text(condition.test, "tag"))
        case .dataset: return try datasets(condition)
        case .attribute:
            let attribute = try attribute(condition.key)
            switch attribute {
            case .startTime, .endTime:
                return .condition(.attribute(attribute), try numeric(condition.test, "attribute"))
            case .status: return try status(condition.test)
            case .id: return .condition(.attribute(.id), try text(condition.test, "attribute", allowsList: true))
            default:
                if case .list = condition.test {
                    throw MLflowError.invalid(
                        "Only ['run_id'] attributes support comparison with a list of quoted string values.")
                }
                return .condition(.attribute(attribute), try text(condition.test, "attribute"))
            }
        }
    }

    private func numeric(_ test: MLflowFilter.Test, _ what: String) throws -> RunTest {
        guard case .compare(let comparison, let value) = test,
            let ours = RunTest.Comparison(rawValue: comparison.rawValue)
        else {
            throw MLflowError.invalid("Invalid comparator for \(what): not one of ['>', '>=', '!=', '=', '<', '<=']")
        }
        switch value {
        case .number(let number, _): return .compare(ours, .number(number))
        case .text(let text), .word(let text):
            throw MLflowError.invalid("Expected numeric value type for \(what). Found \(text)")
        }
    }

    private func text(_ test: MLflowFilter.Test, _ what: String, allowsList: Bool = false) throws -> RunTest {
        switch test {
        case .isNull(let isNull): return isNull ? .isAbsent : .isPresent
        case .list(let isNegated, let items):
            guard allowsList else { throw MLflowError.invalid("Invalid comparator 'IN' for \(what)") }
            let values = items.map { FilterValue.text($0) }
            return isNegated ? .noneOf(values) : .oneOf(values)
        case .compare(let comparison, let value):
            guard case .text(let text) = value else {
                let shown = if case .number(_, let text) = value { text } else { "\(value)" }
                throw MLflowError.invalid(
                    "Expected a quoted string value for \(what) (e.g. 'my-value'). Got value \(shown)")
            }
            switch comparison {
            case .equal: return .compare(.equal, .text(text))
            case .notEqual: return .compare(.notEqual, .text(text))
            case .like: return .like(text, .sensitive)
            case .caseInsensitiveLike: return .like(text, .insensitive)
            default:
                throw MLflowError.invalid(
                    "Invalid comparator '\(comparison.rawValue)' not one of ['=', '!=', 'LIKE', 'ILIKE']")
            }
        }
    }

    private func status(_ test: MLflowFilter.Test) throws -> RunFilter {
        let test = try text(test, "attribute")
        func matching(_ isWanted: (String) -> Bool) -> RunFilter {
            let ours = RunStatus.allCases.filter { isWanted(MLflowRunStatus.name($0)) }
            return .condition(.attribute(.status), .oneOf(ours.map { .text($0.rawValue) }))
        }
        switch test {
        case .compare(.equal, .text(let name)): return matching { $0 == name }
        case .compare(.notEqual, .text(let name)): return matching { $0 != name }
        case .like(let pattern, let rule):
            return matching { LikePattern(pattern, ignoresCase: rule == .insensitive).matches($0) }
        default: return .condition(.attribute(.status), test)
        }
    }

    /// Datasets are looked up first: few runs have one that is asked for.
    private func datasets(_ condition: MLflowFilter.Condition) throws -> RunFilter {
        let test = try text(condition.test, "dataset", allowsList: true)
        let runs = try store.runs { summary in
            switch condition.key {
            case "name": return LikePattern.test(test, summary.name)
            case "digest": return LikePattern.test(test, summary.digest)
            case "context": return summary.context.map { LikePattern.test(test, $0) } ?? false
            default:
                throw MLflowError.invalid(
                    "Invalid dataset key '\(condition.key)'. Valid keys are ['name', 'digest', 'context']")
            }
        }
        return .condition(.attribute(.id), .oneOf(runs.map { .text($0.text) }))
    }
}
