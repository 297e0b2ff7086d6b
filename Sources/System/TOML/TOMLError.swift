package import Diagnostics

/// Text that is not TOML 1.0.
package enum TOMLError: UserFacingError, Equatable {
    case syntax(problem: String, at: SourceLocation)
    case duplicateKey(String, at: SourceLocation)
    case tooDeep(limit: Int, at: SourceLocation)

    package var kind: ErrorKind { .invalidInput }

    package var message: String {
        switch self {
        case .syntax(let problem, _): "the TOML cannot be read: \(problem)"
        case .duplicateKey(let key, _): "key `\(key)` is given twice"
        case .tooDeep(let limit, _): "values are nested more than \(limit) deep"
        }
    }

    package var hint: String? {
        if case .duplicateKey = self { "remove one of the two" } else { nil }
    }

    package var location: SourceLocation? {
        switch self {
        case .syntax(_, let place), .duplicateKey(_, let place), .tooDeep(_, let place): place
        }
    }
}
