package import Diagnostics
import HTTP
import Hashing

/// The tokens that a server accepts, with their roles. Only digests are kept: a dump of memory holds no token.
package struct TokenTable: Sendable {
    private struct Entry: Sendable {
        let name: String
        let role: Role
        let digest: SHA256Digest
    }

    private var entries: [Entry] = []

    package init() {}

    package var isEmpty: Bool { entries.isEmpty }

    /// Reads lines of `ROLE NAME TOKEN`; empty ones, and those that start with #, say nothing.
    package init(parsing text: String, file: String) throws {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            if words.isEmpty || words[0].hasPrefix("#") { continue }
            let place = SourceLocation(file: file, line: index + 1, column: 1)
            guard words.count == 3 else { throw TokenError.badLine(place) }
            guard let role = Role(rawValue: words[0]) else { throw TokenError.unknownRole(words[0], place) }
            try add(token: words[2], name: words[1], role: role, place: place)
        }
    }

    package mutating func add(token: String, name: String, role: Role, place: SourceLocation? = nil) throws {
        if token.utf8.count < Self.minimumLength { throw TokenError.tooShort(name: name, place) }
        entries.append(Entry(name: name, role: role, digest: Self.digest(token)))
    }

    /// A shorter one could be guessed.
    package static let minimumLength = 16

    /// Who an `Authorization` header stands for: `Bearer TOKEN`, or Basic with the token as the password (or, as some
    /// clients can send nothing else, as the user). Nil for no header, and for a token that is not known.
    func caller(authorization: String?) -> Caller? {
        guard let authorization else { return nil }
        let parts = authorization.split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        switch parts[0].lowercased() {
        case "bearer": return find(parts[1])
        case "basic":
            guard let text = Base64.decode(parts[1]).flatMap({ String(validating: $0, as: UTF8.self) }) else {
                return nil
            }
            let sides = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return (sides.count == 2 ? find(sides[1]) : nil) ?? find(sides[0])
        default: return nil
        }
    }

    /// Digests are compared, so that the time it takes says nothing about a token's letters.
    private func find(_ token: String) -> Caller? {
        let digest = Self.digest(token)
        return entries.first { $0.digest == digest }.map { Caller(name: $0.name, role: $0.role) }
    }

    private static func digest(_ token: String) -> SHA256Digest { SHA256.hash(Array(token.utf8)) }
}

/// A tokens file that cannot be used. No case carries a token.
package enum TokenError: UserFacingError, Equatable {
    case badLine(SourceLocation)
    case unknownRole(String, SourceLocation)
    case tooShort(name: String, SourceLocation?)

    package var kind: ErrorKind { .invalidInput }

    package var message: String {
        switch self {
        case .badLine: "a line of the tokens file is not `ROLE NAME TOKEN`"
        case .unknownRole(let role, _): "role `\(role)` does not exist"
        case .tooShort(let name, _): "the token of \(name) is shorter than \(TokenTable.minimumLength) letters"
        }
    }

    package var hint: String? {
        switch self {
        case .badLine: "write one token a line, such as: write ci 6f1d…"
        case .unknownRole: "the roles are read, write and admin"
        case .tooShort: "make one with: openssl rand -hex 24"
        }
    }

    package var location: SourceLocation? {
        switch self {
        case .badLine(let place), .unknownRole(_, let place): place
        case .tooShort(_, let place): place
        }
    }
}
