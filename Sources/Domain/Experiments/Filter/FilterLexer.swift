/// Cuts a filter into tokens.
struct FilterLexer {
    struct Token: Equatable {
        enum Kind: Equatable {
            /// A column, a keyword or a bare value: its parts, of which some were in backticks or double quotes.
            case word([Part])
            case text(String)
            case number(Double)
            /// An operator, a bracket or a comma.
            case symbol(String)
            case end
        }

        struct Part: Equatable {
            var text: String
            var isQuoted: Bool
        }

        var kind: Kind
        /// As it stands in the filter.
        var source: String
        var offset: Int
    }

    private let source: String
    private let characters: [Character]
    private var index = 0

    private init(_ text: String, source: String) {
        self.source = source
        self.characters = Array(text)
    }

    static func tokens(of text: String, source: String) throws -> [Token] {
        var lexer = FilterLexer(text, source: source)
        var tokens: [Token] = []
        repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
        return tokens
    }

    private mutating func next() throws -> Token {
        while index < characters.count, characters[index].isWhitespace { index += 1 }
        let start = index
        let kind = try readKind()
        return Token(kind: kind, source: String(characters[start..<index]), offset: start)
    }

    private mutating func readKind() throws -> Token.Kind {
        guard let first = peek() else { return .end }
        switch first {
        case "'", "\"":
            // A string; in a column's name, double quotes are met by `readWord`.
            return .text(try readQuoted())
        case "(", ")", ",": return readSymbol(length: 1)
        case "<", ">", "=", "!", "~":
            let pair = String(characters[index..<min(index + 2, characters.count)])
            return readSymbol(length: ["<=", ">=", "!=", "!~", "==", "<>"].contains(pair) ? 2 : 1)
        case "`": return .word(try readWord())
        default:
            if startsNumber() { return .number(try readNumber()) }
            if isWordCharacter(first) { return .word(try readWord()) }
            return readSymbol(length: 1)
        }
    }

    private mutating func readSymbol(length: Int) -> Token.Kind {
        defer { index += length }
        return .symbol(String(characters[index..<index + length]))
    }

    /// A quote is written twice inside itself.
    private mutating func readQuoted() throws -> String {
        let start = index
        let quote = characters[index]
        var text = ""
        index += 1
        while let character = peek() {
            index += 1
            if character != quote {
                text.append(character)
            } else if peek() == quote {
                text.append(quote)
                index += 1
            } else {
                return text
            }
        }
        throw mistake(.unclosedQuote, offset: start, length: 1)
    }

    private mutating func readWord() throws -> [Token.Part] {
        var parts: [Token.Part] = []
        while let character = peek() {
            if character == "`" || character == "\"" && parts.last?.text.last == "." {
                parts.append(Token.Part(text: try readQuoted(), isQuoted: true))
            } else if isWordCharacter(character) {
                let start = index
                while let character = peek(), isWordCharacter(character) { index += 1 }
                parts.append(Token.Part(text: String(characters[start..<index]), isQuoted: false))
            } else {
                break
            }
        }
        return parts
    }

    private func startsNumber() -> Bool {
        let sign = characters[index] == "-" || characters[index] == "+" ? 1 : 0
        let rest = characters[(index + sign)...].prefix(4)
        guard let first = rest.first else { return false }
        if first.isASCII, first.isNumber { return true }
        if first == ".", let second = rest.dropFirst().first { return second.isASCII && second.isNumber }
        return sign == 1 && String(rest.prefix(3)).lowercased() == "inf"
    }

    private mutating func readNumber() throws -> Double {
        let start = index
        while let character = peek() {
            let isSign = character == "-" || character == "+"
            let followsExponent = index > start && (characters[index - 1] == "e" || characters[index - 1] == "E")
            if isSign && !(index == start || followsExponent) { break }
            if !isSign && !isWordCharacter(character) { break }
            index += 1
        }
        let text = String(characters[start..<index])
        guard let number = Double(text) else {
            throw mistake(.notANumber(text), offset: start, length: index - start)
        }
        return number
    }

    private func peek() -> Character? { index < characters.count ? characters[index] : nil }

    /// What needs no quotes in a key.
    private func isWordCharacter(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "_.-/:@%".contains(character)
    }

    private func mistake(_ problem: FilterMistake.Problem, offset: Int, length: Int) -> ExperimentError {
        .invalidFilter(
            FilterMistake(
                problem: problem, source: source, text: String(characters), offset: offset, length: length))
    }
}
