import SQLite

/// Reads a filter by recursive descent:
///
///     any        = all { OR all }
///     all        = part { AND part }
///     part       = NOT part | "(" any ")" | condition
///     condition  = column ( = | != | < | <= | > | >= ) value
///                | column ( ~ | !~ | [NOT] LIKE | [NOT] ILIKE ) text
///                | column [NOT] IN "(" value { "," value } ")"
///                | column IS [NOT] NULL
///
/// MLflow's filters are those without OR, NOT and brackets.
struct FilterParser {
    private static let maximumDepth = 50
    /// SQLite's own limit is a thousand levels of an expression, of which a chain of conditions needs one each.
    private static let maximumConditions = 300

    private let source: String
    private let text: String
    private let tokens: [FilterLexer.Token]
    private var index = 0
    private var depth = 0
    private var conditionCount = 0

    /// `source` says in messages what the text is.
    init(_ text: String, source: String = "filter") throws {
        self.source = source
        self.text = text
        self.tokens = try FilterLexer.tokens(of: text, source: source)
    }

    mutating func parseFilter() throws -> RunFilter {
        if token.kind == .end { return .all([]) }
        let filter = try parseAny()
        if token.kind != .end { throw unexpected("`and`, `or` or the end") }
        return filter
    }

    mutating func parseColumn() throws -> RunColumn {
        let column = try readColumn()
        if token.kind != .end { throw unexpected("the end") }
        return column
    }

    mutating func parseSort() throws -> [RunSort] {
        var result: [RunSort] = []
        repeat {
            let start = token
            let value = takeSortValue()
            let place = token
            let column = try readColumn()
            if value != .last {
                guard case .metric = column else { throw unexpected(place, "a metric") }
                if !takeSymbol(")") { throw unexpected("`)`") }
            }
            if result.contains(where: { $0.column == column && $0.value == value }) {
                throw mistake(.repeatedColumn(column.description), at: start)
            }
            let isDescending = takeKeyword("desc")
            if !isDescending { _ = takeKeyword("asc") }
            result.append(RunSort(column, isDescending ? .descending : .ascending, value: value))
        } while takeSymbol(",")
        if token.kind != .end { throw unexpected("`asc`, `desc`, a comma or the end") }
        return result
    }

    /// `min(` or `max(`.
    private mutating func takeSortValue() -> RunSort.Value {
        guard index + 1 < tokens.count, tokens[index + 1].kind == .symbol("(") else { return .last }
        for value in [RunSort.Value.least, .greatest] where takeKeyword(value.rawValue) {
            index += 1
            return value
        }
        return .last
    }

    private mutating func parseAny() throws -> RunFilter {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.maximumDepth { throw mistake(.tooLarge, at: token) }
        var parts = [try parseAll()]
        while takeKeyword("or") { parts.append(try parseAll()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func parseAll() throws -> RunFilter {
        var parts = [try parsePart()]
        while takeKeyword("and") { parts.append(try parsePart()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func parsePart() throws -> RunFilter {
        if takeKeyword("not") {
            depth += 1
            defer { depth -= 1 }
            if depth > Self.maximumDepth { throw mistake(.tooLarge, at: token) }
            return .not(try parsePart())
        }
        if takeSymbol("(") {
            let filter = try parseAny()
            if !takeSymbol(")") { throw unexpected("`)`") }
            return filter
        }
        conditionCount += 1
        if conditionCount > Self.maximumConditions { throw mistake(.tooLarge, at: token) }
        let column = try readColumn()
        return .condition(column, try parseTest(of: column))
    }

    private mutating func parseTest(of column: RunColumn) throws -> RunTest {
        let start = token
        if takeKeyword("is") {
            let isNegated = takeKeyword("not")
            if !takeKeyword("null") { throw unexpected("`null`") }
            return isNegated ? .isPresent : .isAbsent
        }
        if takeSymbol("~") { return .matches(try readExpression(column, start)) }
        if takeSymbol("!~") { return .doesNotMatch(try readExpression(column, start)) }
        let isNegated = takeKeyword("not")
        if takeKeyword("in") {
            let items = try readList(column)
            return isNegated ? .noneOf(items) : .oneOf(items)
        }
        for (word, rule) in [("like", RunTest.CaseRule.sensitive), ("ilike", .insensitive)] where takeKeyword(word) {
            let pattern = try readPattern(column, start)
            return isNegated ? .unlike(pattern, rule) : .like(pattern, rule)
        }
        if isNegated { throw unexpected("`like`, `ilike` or `in`") }
        guard case .symbol(let symbol) = token.kind, let comparison = RunTest.Comparison(symbol: symbol) else {
            throw unexpected("an operator")
        }
        index += 1
        return .compare(comparison, try readValue(column, mustBeKnown: comparison.isEquality))
    }

    private mutating func readList(_ column: RunColumn) throws -> [FilterValue] {
        if !takeSymbol("(") { throw unexpected("`(`") }
        var items: [FilterValue] = []
        repeat {
            let start = token
            let item = try readValue(column, mustBeKnown: true)
            if let first = items.first, first.isText != item.isText {
                throw unexpected(start, first.isText ? "text in quotes" : "a number")
            }
            items.append(item)
        } while takeSymbol(",")
        if !takeSymbol(")") { throw unexpected("`,` or `)`") }
        return items
    }

    private mutating func readPattern(_ column: RunColumn, _ operation: FilterLexer.Token) throws -> String {
        if column.isNumeric {
            throw mistake(.wrongOperator(operation.source, column: column.description), at: operation)
        }
        guard case .text(let pattern) = token.kind else { throw unexpected("text in quotes") }
        index += 1
        return column.isUpperCaseWord ? pattern.lowercased() : pattern
    }

    private mutating func readExpression(_ column: RunColumn, _ operation: FilterLexer.Token) throws -> String {
        let start = token
        let pattern = try readPattern(column, operation)
        do throws(RegularExpressionError) {
            _ = try RegularExpression(pattern)
        } catch {
            throw mistake(.wrongPattern(reason: error.reason), at: start)
        }
        return pattern
    }

    private mutating func readValue(_ column: RunColumn, mustBeKnown: Bool) throws -> FilterValue {
        let start = token
        let literal: FilterLiteral
        switch token.kind {
        case .text(let text): literal = .text(text)
        case .number(let number): literal = .number(number)
        case .word(let parts) where parts.allSatisfy { !$0.isQuoted }: literal = .word(token.source)
        case .word, .symbol, .end: throw unexpected("a value")
        }
        index += 1
        do throws(FilterMistake.Problem) {
            return try column.value(of: literal, mustBeKnown: mustBeKnown)
        } catch {
            throw mistake(error, at: start)
        }
    }

    private mutating func readColumn() throws -> RunColumn {
        guard case .word(let parts) = token.kind else { throw unexpected("a column") }
        do throws(FilterMistake.Problem) {
            let column = try RunColumn(parts: parts)
            index += 1
            return column
        } catch {
            throw mistake(error, at: token)
        }
    }
}

extension FilterParser {
    private var token: FilterLexer.Token { tokens[index] }

    private mutating func takeKeyword(_ word: String) -> Bool {
        guard case .word(let parts) = token.kind, parts.count == 1, !parts[0].isQuoted,
            parts[0].text.lowercased() == word
        else { return false }
        index += 1
        return true
    }

    private mutating func takeSymbol(_ symbol: String) -> Bool {
        guard token.kind == .symbol(symbol) else { return false }
        index += 1
        return true
    }

    private func unexpected(_ wanted: String) -> ExperimentError { unexpected(token, wanted) }

    private func unexpected(_ token: FilterLexer.Token, _ wanted: String) -> ExperimentError {
        mistake(token.kind == .end ? .ended(wanted: wanted) : .unexpected(token.source, wanted: wanted), at: token)
    }

    private func mistake(_ problem: FilterMistake.Problem, at token: FilterLexer.Token) -> ExperimentError {
        .invalidFilter(
            FilterMistake(
                problem: problem, source: source, text: text, offset: token.offset, length: token.source.count))
    }
}

extension RunTest.Comparison {
    fileprivate init?(symbol: String) {
        switch symbol {
        case "==": self = .equal
        case "<>": self = .notEqual
        default: self.init(rawValue: symbol)
        }
    }

    fileprivate var isEquality: Bool { self == .equal || self == .notEqual }
}
