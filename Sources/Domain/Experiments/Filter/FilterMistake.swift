/// What is wrong in a filter, an order or the name of a column, and where.
package struct FilterMistake: Sendable, Equatable {
    package enum Problem: Error, Equatable {
        case unexpected(String, wanted: String)
        case ended(wanted: String)
        case unclosedQuote
        case notANumber(String)
        case unknownEntity(String, nearest: String?)
        case unknownAttribute(String, nearest: String?)
        case unknownStageField(String, nearest: String?)
        case missingKey(entity: String)
        case wantsNumber(column: String, found: String)
        case wantsText(column: String, found: String)
        case wantsTime(column: String, found: String)
        case wantsDuration(column: String, found: String)
        case unknownWord(column: String, found: String, nearest: String?, known: [String])
        case wrongOperator(String, column: String)
        case wrongPattern(reason: String)
        case repeatedColumn(String)
        case tooLarge
    }

    package let problem: Problem
    /// What the text is, as a place in a message names it: `filter`, `order`, `column`.
    package let source: String
    /// The whole text.
    package let text: String
    /// Of the place in the text, in characters.
    package let offset: Int
    package let length: Int

    /// The text with a mark under the place.
    package var excerpt: String {
        // A tab or a line break would move the mark.
        let line = String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
        let mark = String(repeating: " ", count: offset) + String(repeating: "^", count: max(1, length))
        return "  \(line)\n  \(mark)"
    }

    package var message: String {
        switch problem {
        case .unexpected(let found, let wanted): "\(found) stands where \(wanted) should be"
        case .ended(let wanted): "the text ends where \(wanted) should be"
        case .unclosedQuote: "the quote is not closed"
        case .notANumber(let text): "\(text) is not a number"
        case .unknownEntity(let name, _): "\(name) is not a kind of column"
        case .unknownAttribute(let name, _): "\(name) is not an attribute of a run"
        case .unknownStageField(let name, _): "\(name) is not a field of a stage"
        case .missingKey(let entity): "\(entity) needs a key"
        case .wantsNumber(let column, let found): "\(column) is a number and cannot be compared with \(found)"
        case .wantsText(let column, let found): "\(column) is text and cannot be compared with \(found)"
        case .wantsTime(let column, let found): "\(column) is a time and cannot be compared with \(found)"
        case .wantsDuration(let column, let found): "\(column) is a duration and cannot be compared with \(found)"
        case .unknownWord(let column, let found, _, _): "\(column) is never \(found)"
        case .wrongOperator(let name, let column): "\(name) does not work on \(column), which is a number"
        case .wrongPattern(let reason): "the regular expression is wrong: \(reason)"
        case .repeatedColumn(let column): "\(column) is given twice"
        case .tooLarge: "the filter has too many conditions"
        }
    }

    package var hint: String? {
        switch problem {
        case .unknownEntity(_, let nearest?), .unknownAttribute(_, let nearest?), .unknownStageField(_, let nearest?),
            .unknownWord(_, _, let nearest?, _):
            "did you mean `\(nearest)`?"
        case .unknownEntity: "it is one of metrics, params, tags, stages and attributes"
        case .unknownAttribute:
            "it is one of \(RunAttribute.allCases.map(\.rawValue).joined(separator: ", ")), or metrics., params., tags. "
                + "or stages. with a key"
        case .unknownStageField: "it is one of \(StageField.allCases.map(\.rawValue).joined(separator: ", "))"
        case .unknownWord(_, _, nil, let known): "it is one of \(known.joined(separator: ", "))"
        case .missingKey(let entity): "write \(entity).KEY, in backticks if it holds spaces"
        case .wantsNumber: "write a number without quotes"
        case .wantsText(_, let found): "write it in quotes: '\(found)'"
        case .wantsTime: "write milliseconds since 1970, or '2026-11-21' or '2026-11-21T10:20:30Z', in UTC"
        case .wantsDuration: "write seconds, or '90s', '5m', '1h' or '2d'"
        case .wrongOperator: "use =, !=, <, <=, >, >=, in or is null"
        case .unexpected, .ended, .unclosedQuote, .notANumber, .wrongPattern, .repeatedColumn, .tooLarge: nil
        }
    }
}
