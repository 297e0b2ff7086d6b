package import Diagnostics
package import Files

/// A params file that cannot be read, or a param that is not in it.
package enum ParamError: UserFacingError, Equatable {
    case fileMissing(RelativePath, at: SourceLocation?)
    case notMapping(RelativePath)
    case missing(key: String, file: RelativePath, near: String?, at: SourceLocation?)
    case ambiguous(pattern: String, file: RelativePath, matches: [String], at: SourceLocation?)
    case pythonSyntax(String, at: SourceLocation)
    case overrideSyntax(String)
    case overrideUnknown(key: String, file: RelativePath, near: String?)
    case overrideExists(key: String, file: RelativePath)
    case cannotEdit(RelativePath, reason: String)
    case gridTooLarge(limit: Int)

    package var kind: ErrorKind {
        switch self {
        case .overrideUnknown: .notFound
        default: .invalidInput
        }
    }

    package var message: String {
        switch self {
        case .fileMissing(let file, _): "params file \(file) does not exist"
        case .notMapping(let file): "params file \(file) does not hold a mapping"
        case .missing(let key, let file, _, _): "\(file) has no param `\(key)`"
        case .ambiguous(let pattern, let file, let matches, _):
            "`\(pattern)` must mean one param of \(file), but means \(matches.count): \(matches.joined(separator: ", "))"
        case .pythonSyntax(let problem, _): "the Python cannot be read: \(problem)"
        case .overrideSyntax(let text): "`\(text)` does not set a param"
        case .overrideUnknown(let key, let file, _): "\(file) has no param `\(key)`"
        case .overrideExists(let key, let file): "\(file) already has a param `\(key)`"
        case .cannotEdit(let file, let reason): "\(file) cannot be edited: \(reason)"
        case .gridTooLarge(let limit): "the choices of -S make more than \(limit) runs"
        }
    }

    package var hint: String? {
        switch self {
        case .fileMissing: "create it, or remove it from `params`"
        case .notMapping: "write `key: value` lines"
        case .missing(_, _, let near, _): near.map { "did you mean `\($0)`?" } ?? "add it, or remove it from `params`"
        case .ambiguous: "name one of them"
        case .pythonSyntax: nil
        case .overrideSyntax: "write -S key=value, or -S file.yaml:key=value"
        case .overrideUnknown(let key, _, let near):
            near.map { "did you mean `\($0)`?" } ?? "to add it, write -S +\(key)=value"
        case .overrideExists(let key, _): "to change it, write -S \(key)=value"
        case .cannotEdit: "change the file by hand"
        case .gridTooLarge: "choose fewer values; a comma that is no choice stands in quotes: -S 'name=\"a,b\"'"
        }
    }

    package var location: SourceLocation? {
        switch self {
        case .fileMissing(_, let place), .missing(_, _, _, let place): place
        case .ambiguous(_, _, _, let place): place
        case .pythonSyntax(_, let place): place
        case .notMapping, .overrideSyntax, .overrideUnknown, .overrideExists, .cannotEdit, .gridTooLarge: nil
        }
    }
}
