package import Diagnostics

/// A YAML file that cannot be read, or an edit of one that cannot be made.
package enum YAMLError: UserFacingError, Equatable {
    case syntax(problem: String, at: SourceLocation)
    case invalidUTF8(at: SourceLocation)
    case duplicateKey(String, at: SourceLocation, first: SourceLocation)
    case keyNotScalar(at: SourceLocation)
    case undefinedAlias(String, at: SourceLocation)
    case unsupportedTag(String, at: SourceLocation)
    case mergeNotMapping(at: SourceLocation)
    case severalDocuments(at: SourceLocation)
    case tooDeep(limit: Int, at: SourceLocation)
    case tooLarge(file: String, bytes: Int, limit: Int)
    /// Aliases that stand for more values than anyone wrote: a "billion laughs".
    case tooManyAliases(limit: Int, at: SourceLocation)
    case pathNotFound(String, file: String, near: String?)
    case notACollection(String, at: SourceLocation)
    case insideAlias(String, at: SourceLocation)
    /// The text that we would write does not say what was asked for, so nothing is changed.
    case cannotEdit(String, at: SourceLocation)

    package var kind: ErrorKind {
        if case .pathNotFound = self { .notFound } else { .invalidInput }
    }

    package var message: String {
        switch self {
        case .syntax(let problem, _): "the YAML cannot be read: \(problem)"
        case .invalidUTF8: "the file is not UTF-8 text"
        case .duplicateKey(let key, _, let first): "key `\(key)` is given twice; the first is in line \(first.line)"
        case .keyNotScalar: "a key must be a word or a number, not a list or a mapping"
        case .undefinedAlias(let name, _): "alias `*\(name)` has no anchor `&\(name)` before it"
        case .unsupportedTag(let tag, _): "tag `\(tag)` is not supported"
        case .mergeNotMapping: "merge key `<<` needs a mapping or a list of mappings"
        case .severalDocuments: "a second document starts here; only one is read"
        case .tooDeep(let limit, _): "values are nested more than \(limit) deep"
        case .tooLarge(let file, let bytes, let limit): "\(file) has \(bytes) bytes, more than the limit of \(limit)"
        case .tooManyAliases(let limit, _): "aliases stand for more than \(limit) values"
        case .pathNotFound(let path, let file, _): "\(file) has no `\(path)`"
        case .notACollection(let path, _): "`\(path)` is neither a mapping nor a list, so nothing can be put into it"
        case .insideAlias(let path, _): "`\(path)` is an alias; a change would change other places too"
        case .cannotEdit(let path, _): "`\(path)` cannot be changed without changing something else"
        }
    }

    package var hint: String? {
        switch self {
        case .syntax(let problem, _): Self.hint(for: problem)
        case .invalidUTF8: "save the file as UTF-8"
        case .duplicateKey: "remove one of the two"
        case .undefinedAlias: "quote the text if a leading * is meant as a letter"
        case .severalDocuments: "remove the line `---`, or put the second document into a file of its own"
        case .pathNotFound(_, _, let near): near.map { "did you mean `\($0)`?" }
        case .cannotEdit: "change the file by hand"
        case .insideAlias: "edit the place that the anchor names, or replace the alias by values of its own"
        case .keyNotScalar, .unsupportedTag, .mergeNotMapping, .tooDeep, .tooLarge, .tooManyAliases, .notACollection:
            nil
        }
    }

    package var location: SourceLocation? {
        switch self {
        case .syntax(_, let place), .invalidUTF8(let place), .duplicateKey(_, let place, _), .keyNotScalar(let place),
            .undefinedAlias(_, let place), .unsupportedTag(_, let place), .mergeNotMapping(let place),
            .severalDocuments(let place), .tooDeep(_, let place), .tooManyAliases(_, let place),
            .notACollection(_, let place), .insideAlias(_, let place), .cannotEdit(_, let place):
            place
        case .tooLarge, .pathNotFound: nil
        }
    }

    /// libyaml's words, turned into what to change.
    private static func hint(for problem: String) -> String? {
        if problem.hasPrefix("found character that cannot start any token") {
            return "indent with spaces, not tabs, and quote text that starts with @, ` or %"
        }
        if problem.hasPrefix("found a tab character") { return "indent with spaces, not tabs" }
        if problem.hasPrefix("mapping values are not allowed") { return "quote text that contains `: `" }
        if problem.hasPrefix("did not find expected ',' or") {
            return "quote text inside [] or {} that contains brackets, braces or `${…}`"
        }
        if problem.hasPrefix("did not find expected key") || problem.hasPrefix("could not find expected ':'") {
            return "check the indentation of this line and the one before"
        }
        return nil
    }
}
