package import Diagnostics

/// Text that is not JSON. The file is unknown here: whoever read it says which.
package enum JSONError: UserFacingError, Equatable {
    case syntax(problem: String, at: SourceLocation)
    case tooDeep(limit: Int, at: SourceLocation)

    package var kind: ErrorKind { .invalidInput }

    package var message: String {
        switch self {
        case .syntax(let problem, _): "the JSON cannot be read: \(problem)"
        case .tooDeep(let limit, _): "values are nested more than \(limit) deep"
        }
    }

    package var location: SourceLocation? {
        switch self {
        case .syntax(_, let place), .tooDeep(_, let place): place
        }
    }
}
