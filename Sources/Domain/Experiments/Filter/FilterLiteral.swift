import Diagnostics
import FoundationEssentials

/// A value as it stands in a filter, before it is known what it is compared with.
enum FilterLiteral {
    /// In quotes.
    case text(String)
    case number(Double)
    /// Bare: `true`, `nan`.
    case word(String)

    /// As a person would recognise it.
    var description: String {
        switch self {
        case .text(let text): "'\(text)'"
        case .number(let number): number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
        case .word(let word): word
        }
    }
}

extension FilterValue {
    var isText: Bool {
        if case .text = self { return true }
        return false
    }
}

extension RunColumn {
    /// Whether only numbers are in it.
    var isNumeric: Bool {
        switch self {
        case .metric, .stage(_, .duration), .stage(_, .exitCode), .attribute(.startTime), .attribute(.endTime),
            .attribute(.duration):
            true
        case .param, .tag, .stage(_, .state), .attribute: false
        }
    }

    /// Whether its values are words that MLflow writes in upper case.
    var isUpperCaseWord: Bool {
        switch self {
        case .attribute(.status), .stage(_, .state): true
        default: false
        }
    }

    /// What `literal` means when it is compared with this column. `mustBeKnown`: a word that the column never has is a
    /// mistake.
    func value(of literal: FilterLiteral, mustBeKnown: Bool) throws(FilterMistake.Problem) -> FilterValue {
        switch self {
        case .metric, .stage(_, .exitCode):
            guard let number = literal.number else {
                throw .wantsNumber(column: description, found: literal.description)
            }
            return .number(number)
        case .attribute(.startTime), .attribute(.endTime):
            guard let time = literal.time else { throw .wantsTime(column: description, found: literal.description) }
            return .number(time)
        case .attribute(.duration), .stage(_, .duration):
            guard let seconds = literal.seconds else {
                throw .wantsDuration(column: description, found: literal.description)
            }
            return .number(seconds)
        case .param:
            if let number = literal.number { return .number(number) }
            if case .word(let word) = literal, word != "true", word != "false" {
                throw .wantsText(column: description, found: word)
            }
            return .text(literal.plainText)
        case .attribute(.status):
            return try word(
                literal, mustBeKnown ? RunStatus.allCases.map(\.rawValue) : nil, also: "scheduled", "queued")
        case .stage(_, .state):
            return try word(literal, mustBeKnown ? StageState.allCases.map(\.rawValue) : nil)
        case .tag, .attribute:
            guard case .text(let text) = literal else {
                throw .wantsText(column: description, found: literal.description)
            }
            return .text(text)
        }
    }

    private func word(
        _ literal: FilterLiteral, _ known: [String]?, also other: String = "", _ meaning: String = ""
    ) throws(FilterMistake.Problem) -> FilterValue {
        guard case .text(let text) = literal else {
            throw .wantsText(column: description, found: literal.description)
        }
        let word = text.lowercased() == other ? meaning : text.lowercased()
        if let known, !known.contains(word) {
            throw .unknownWord(
                column: description, found: literal.description, nearest: nearestName(to: word, among: known),
                known: known)
        }
        return .text(word)
    }
}

extension FilterLiteral {
    fileprivate var plainText: String {
        switch self {
        case .text(let text), .word(let text): text
        case .number: description
        }
    }

    fileprivate var number: Double? {
        switch self {
        case .number(let number): number
        case .word(let word) where ["nan", "inf", "infinity"].contains(word.lowercased()): Double(word)
        case .word, .text: nil
        }
    }

    /// Milliseconds since 1970.
    fileprivate var time: Double? {
        switch self {
        case .number(let number): number
        case .word: nil
        case .text(let text):
            [text, text + "Z", text + "T00:00:00Z"].lazy
                .compactMap { try? Date($0, strategy: .iso8601) }.first
                .map { ($0.timeIntervalSince1970 * 1000).rounded() }
        }
    }

    fileprivate var seconds: Double? {
        switch self {
        case .number(let number): return number
        case .word: return nil
        case .text(let text):
            let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
            guard let last = text.last, let unit = units[last], let count = Double(text.dropLast()) else { return nil }
            return count * unit
        }
    }
}
