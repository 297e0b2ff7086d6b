import Experiments

/// Filters and orders a list in memory by MLflow's words: for experiments, models and versions, of which there are so
/// few that an index would not be worth its SQL.
struct ListSearch<Item> {
    enum Attribute: Sendable {
        case text(@Sendable (Item) -> String?)
        case integer(@Sendable (Item) -> Int64?)
    }

    let filter: String
    let order: [String]
    let attributes: [String: Attribute]
    let tags: (Item) -> [Tag]
    /// Others by the name of their entity, such as `params`: the text of a key.
    var texts: [String: (Item, String) -> String?] = [:]
    /// And numbers, such as `metrics`.
    var numbers: [String: (Item, String) -> Double?] = [:]
    /// The attributes that a request may order by; nil: all.
    var orderKeys: Set<String>?
    /// Used if the request gives no order; true: ascending.
    var standardOrder: [(key: String, isAscending: Bool)] = []
    /// Decides between those that are equal in all that the request orders by.
    var lastOrder: [(key: String, isAscending: Bool)] = []

    func run(_ items: [Item]) throws -> [Item] {
        let conditions = try MLflowFilter(parsing: filter).conditions
        let tests = try conditions.map(predicate)
        let orders = try order.map { try MLflowOrder(parsing: $0) }
        if let orderKeys, let wrong = orders.first(where: { !orderKeys.contains($0.key) }) {
            throw MLflowError.invalid(
                "Invalid order by key '\(wrong.key)' specified. Valid keys are \(orderKeys.sorted())")
        }
        var keys = try orders.map { (try value($0.entity, $0.key), $0.isAscending) }
        for (key, isAscending) in (orders.isEmpty ? standardOrder : []) + lastOrder {
            keys.append((try value(nil, key), isAscending))
        }
        return items.filter { item in tests.allSatisfy { $0(item) } }.sorted { isBefore($0, $1, keys) }
    }

    // MARK: Filters

    private enum Value {
        case absent
        case text(String)
        case number(Double)
    }

    private func value(_ entity: String?, _ key: String) throws -> (Item) -> Value {
        let entity = entity.flatMap { ["attribute", "attributes", "attr"].contains($0) ? nil : $0 }
        guard let entity else {
            guard let attribute = attributes[key] else {
                throw MLflowError.invalid(
                    "Invalid attribute key '\(key)' specified. Valid keys are \(attributes.keys.sorted())")
            }
            switch attribute {
            case .text(let read): return { read($0).map { .text($0) } ?? .absent }
            case .integer(let read): return { read($0).map { .number(Double($0)) } ?? .absent }
            }
        }
        if entity == "tag" || entity == "tags" {
            return { item in tags(item).first { $0.key == key }.map { .text($0.value) } ?? .absent }
        }
        let plural = entity.hasSuffix("s") ? entity : entity + "s"
        if let read = texts[plural] { return { read($0, key).map { .text($0) } ?? .absent } }
        if let read = numbers[plural] { return { read($0, key).map { .number($0) } ?? .absent } }
        throw MLflowError.invalid("Invalid entity type '\(entity)'.")
    }

    private func isNumeric(_ condition: MLflowFilter.Condition) -> Bool {
        guard let entity = condition.entity, !["attribute", "attributes", "attr"].contains(entity) else {
            if case .integer? = attributes[condition.key] { return true }
            return false
        }
        return numbers[entity.hasSuffix("s") ? entity : entity + "s"] != nil
    }

    private func predicate(_ condition: MLflowFilter.Condition) throws -> (Item) -> Bool {
        let read = try value(condition.entity, condition.key)
        switch condition.test {
        case .isNull(let isNull):
            return { item in if case .absent = read(item) { isNull } else { !isNull } }
        case .list(let isNegated, let items):
            return { item in
                switch read(item) {
                case .absent: false
                case .text(let text): items.contains(text) != isNegated
                case .number(let number): items.contains { Double($0) == number } != isNegated
                }
            }
        case .compare(let comparison, let wanted):
            return isNumeric(condition)
                ? try numberPredicate(read, comparison, wanted, condition)
                : try textPredicate(read, comparison, wanted, condition)
        }
    }

    private func numberPredicate(
        _ read: @escaping (Item) -> Value, _ comparison: MLflowFilter.Comparison, _ wanted: MLflowFilter.Value,
        _ condition: MLflowFilter.Condition
    ) throws -> (Item) -> Bool {
        let number: Double
        switch wanted {
        case .number(let value, _): number = value
        case .text(let text) where condition.key == "experiment_id":
            guard let value = Double(text) else { throw badValue(condition) }
            number = value
        default: throw badValue(condition)
        }
        guard comparison != .like, comparison != .caseInsensitiveLike else { throw badValue(condition) }
        return { item in
            guard case .number(let value) = read(item) else { return false }
            return switch comparison {
            case .equal: value == number
            case .notEqual: value != number
            case .less: value < number
            case .lessOrEqual: value <= number
            case .greater: value > number
            default: value >= number
            }
        }
    }

    private func textPredicate(
        _ read: @escaping (Item) -> Value, _ comparison: MLflowFilter.Comparison, _ wanted: MLflowFilter.Value,
        _ condition: MLflowFilter.Condition
    ) throws -> (Item) -> Bool {
        guard case .text(let text) = wanted else { throw badValue(condition) }
        let test: (String) -> Bool
        switch comparison {
        case .equal: test = { $0 == text }
        case .notEqual: test = { $0 != text }
        case .like: test = LikePattern(text, ignoresCase: false).matches
        case .caseInsensitiveLike: test = LikePattern(text, ignoresCase: true).matches
        default: throw badValue(condition)
        }
        return { item in if case .text(let value) = read(item) { test(value) } else { false } }
    }

    private func badValue(_ condition: MLflowFilter.Condition) -> MLflowError {
        .invalid("Invalid comparator or value for '\(condition.key)' in filter '\(filter)'")
    }

    // MARK: Orders

    private func isBefore(_ a: Item, _ b: Item, _ keys: [((Item) -> Value, Bool)]) -> Bool {
        for (read, isAscending) in keys {
            switch (read(a), read(b)) {
            case (.absent, .absent): continue
            // Absent ones come last in both directions.
            case (.absent, _): return false
            case (_, .absent): return true
            case (.number(let a), .number(let b)):
                if a != b, !(a.isNaN && b.isNaN) { return a.isNaN ? false : b.isNaN ? true : (a < b) == isAscending }
            case (.text(let a), .text(let b)):
                if a != b { return a.utf8.lexicographicallyPrecedes(b.utf8) == isAscending }
            default: continue
            }
        }
        return false
    }
}
