/// A filter of MLflow: comparisons joined by AND. It is read once, here, and then run by SQL (runs) or in memory
/// (experiments and models, of which there are few).
struct MLflowFilter: Sendable, Equatable {
    struct Condition: Sendable, Equatable {
        /// What comes before the first dot, if it is an entity: `metrics`, `tags`…; nil for a bare name.
        let entity: String?
        let key: String
        let test: Test
    }

    enum Test: Sendable, Equatable {
        case compare(Comparison, Value)
        case list(isNegated: Bool, [String])
        case isNull(Bool)
    }

    enum Comparison: String, Sendable {
        case equal = "="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case like = "LIKE"
        case caseInsensitiveLike = "ILIKE"
    }

    enum Value: Sendable, Equatable {
        case text(String)
        /// As written: an integer is told from a float.
        case number(Double, text: String)
        case word(String)
    }

    let conditions: [Condition]

    init(parsing text: String) throws {
        var reader = MLflowFilterReader(try MLflowFilterToken.all(in: text), text: text)
        conditions = try reader.conditions()
    }

    init() { conditions = [] }
}

/// One key of an order: `metrics.m1 DESC`.
struct MLflowOrder: Sendable, Equatable {
    let entity: String?
    let key: String
    let isAscending: Bool

    init(parsing text: String) throws {
        var tokens = try MLflowFilterToken.all(in: text)
        var isAscending = true
        if tokens.count > 1, case .word(let word)? = tokens.last {
            switch word.uppercased() {
            case "ASC": tokens.removeLast()
            case "DESC":
                tokens.removeLast()
                isAscending = false
            default: break
            }
        }
        guard tokens.count == 1, let (entity, key) = tokens[0].identifier else {
            throw MLflowError.invalid("Invalid order_by clause '\(text)'. Could not be parsed.")
        }
        self.entity = entity
        self.key = key
        self.isAscending = isAscending
    }
}

private struct MLflowFilterReader {
    private let tokens: [MLflowFilterToken]
    private let text: String
    private var index = 0

    init(_ tokens: [MLflowFilterToken], text: String) {
        self.tokens = tokens
        self.text = text
    }

    mutating func conditions() throws -> [MLflowFilter.Condition] {
        if tokens.isEmpty { return [] }
        var conditions = [try condition()]
        while index < tokens.count {
            guard case .word(let word) = tokens[index], word.uppercased() == "AND" else {
                throw MLflowError.invalid("Invalid clause(s) in filter string: '\(tokens[index].text)'")
            }
            index += 1
            conditions.append(try condition())
        }
        return conditions
    }

    private mutating func condition() throws -> MLflowFilter.Condition {
        guard let (entity, key) = next()?.identifier else { throw invalidClause }
        guard let sign = next() else { throw invalidClause }
        switch sign {
        case .sign(let text):
            guard let comparison = MLflowFilter.Comparison(rawValue: text == "==" ? "=" : text) else {
                throw invalidClause
            }
            return .init(entity: entity, key: key, test: .compare(comparison, try value()))
        case .word(let word):
            return .init(entity: entity, key: key, test: try test(word.uppercased()))
        default: throw invalidClause
        }
    }

    private mutating func test(_ word: String) throws -> MLflowFilter.Test {
        switch word {
        case "LIKE": return .compare(.like, try value())
        case "ILIKE": return .compare(.caseInsensitiveLike, try value())
        case "IN": return .list(isNegated: false, try list())
        case "NOT":
            guard case .word(let word)? = next(), word.uppercased() == "IN" else { throw invalidClause }
            return .list(isNegated: true, try list())
        case "IS":
            guard case .word(let word)? = next() else { throw invalidClause }
            if word.uppercased() == "NULL" { return .isNull(true) }
            guard word.uppercased() == "NOT", case .word(let last)? = next(), last.uppercased() == "NULL" else {
                throw invalidClause
            }
            return .isNull(false)
        default: throw invalidClause
        }
    }

    private mutating func value() throws -> MLflowFilter.Value {
        switch next() {
        case .quoted(let text, _): return .text(text)
        case .word(let word):
            if let number = Double(word) { return .number(number, text: word) }
            return .word(word)
        default: throw invalidClause
        }
    }

    private mutating func list() throws -> [String] {
        guard case .sign("(")? = next() else { throw invalidClause }
        var items: [String] = []
        while true {
            guard case .quoted(let text, _)? = next() else {
                throw MLflowError.invalid(
                    "While parsing a list in the query, expected a non-empty list of quoted strings, in '\(text)'")
            }
            items.append(text)
            switch next() {
            case .sign(","): continue
            case .sign(")"): return items
            default: throw invalidClause
            }
        }
    }

    private mutating func next() -> MLflowFilterToken? {
        guard index < tokens.count else { return nil }
        index += 1
        return tokens[index - 1]
    }

    private var invalidClause: MLflowError {
        .invalid("Invalid clause(s) in filter string: '\(text)'")
    }
}
