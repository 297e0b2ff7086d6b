/// A word of a filter or of an order.
enum MLflowFilterToken: Sendable, Equatable {
    /// A name, a number or a keyword; quoted parts of a name are joined to it: metrics.`a b`.
    case word(String)
    /// In single or double quotes.
    case quoted(String, isDouble: Bool)
    case sign(String)
    /// A name of which some part was in backticks or double quotes.
    case name(entity: String, key: String)

    var text: String {
        switch self {
        case .word(let text), .quoted(let text, _), .sign(let text): text
        case .name(let entity, let key): "\(entity).\(key)"
        }
    }

    /// What it names: the entity before the first dot, if there is one, and the key.
    var identifier: (entity: String?, key: String)? {
        switch self {
        case .name(let entity, let key): return (entity, key)
        case .word(let text):
            guard let dot = text.firstIndex(of: ".") else { return (nil, text) }
            return (String(text[..<dot]), String(text[text.index(after: dot)...]))
        case .quoted(let text, _): return (nil, text)
        case .sign: return nil
        }
    }

    static func all(in text: String) throws -> [MLflowFilterToken] {
        var lexer = Lexer(text: Array(text))
        return try lexer.tokens()
    }

    private struct Lexer {
        let text: [Character]
        var index = 0

        mutating func tokens() throws -> [MLflowFilterToken] {
            var tokens: [MLflowFilterToken] = []
            while index < text.count {
                let character = text[index]
                if character.isWhitespace {
                    index += 1
                } else if character == "'" || character == "\"" || character == "`" {
                    tokens.append(.quoted(try quoted(), isDouble: character == "\""))
                } else if let sign = sign() {
                    tokens.append(.sign(sign))
                } else {
                    tokens.append(try word())
                }
            }
            return tokens
        }

        private mutating func sign() -> String? {
            for sign in ["==", "!=", "<=", ">=", "=", "<", ">", "(", ")", ","] where text[index...].starts(with: sign) {
                index += sign.count
                return sign
            }
            return nil
        }

        private mutating func word() throws -> MLflowFilterToken {
            let start = index
            while index < text.count, !text[index].isWhitespace, !"=!<>(),'\"`".contains(text[index]) { index += 1 }
            if index == start { throw MLflowError.invalid("Invalid clause(s) in filter string: '\(text[index])'") }
            let word = String(text[start..<index])
            // metrics.`a b`
            if word.hasSuffix("."), index < text.count, text[index] == "`" || text[index] == "\"" {
                return .name(entity: String(word.dropLast()), key: try quoted())
            }
            return .word(word)
        }

        private mutating func quoted() throws -> String {
            let quote = text[index]
            guard let end = text[(index + 1)...].firstIndex(of: quote) else {
                throw MLflowError.invalid("Invalid filter string: a quote is not closed in '\(String(text))'")
            }
            defer { index = end + 1 }
            return String(text[(index + 1)..<end])
        }
    }
}
