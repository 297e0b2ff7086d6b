/// A condition on runs, read from text such as
/// `metrics.accuracy > 0.2 and (params.type = 'cbow' or tags.team ~ 'nlp.*')`.
///
/// A condition on something that a run does not have is false, also with `!=`; `not` turns true and false around.
package indirect enum RunFilter: Sendable, Equatable {
    case all([RunFilter])
    case any([RunFilter])
    case not(RunFilter)
    case condition(RunColumn, RunTest)

    /// All columns that it looks at, in their order in the text.
    package var columns: [RunColumn] {
        switch self {
        case .all(let parts), .any(let parts): parts.flatMap(\.columns)
        case .not(let part): part.columns
        case .condition(let column, _): [column]
        }
    }
}

/// What is asked of a column's value.
package enum RunTest: Sendable, Equatable {
    case compare(Comparison, FilterValue)
    /// SQL's LIKE: `%` any text, `_` one character; the whole value must match.
    case like(String, CaseRule)
    case unlike(String, CaseRule)
    /// A POSIX extended regular expression; found anywhere in the value.
    case matches(String)
    case doesNotMatch(String)
    case oneOf([FilterValue])
    case noneOf([FilterValue])
    case isAbsent
    case isPresent

    package enum Comparison: String, Sendable {
        case equal = "="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }

    package enum CaseRule: Sendable { case sensitive, insensitive }
}

/// What a column is compared with. Times are in milliseconds since 1970, durations in seconds.
package enum FilterValue: Sendable, Equatable {
    case text(String)
    case number(Double)
}
