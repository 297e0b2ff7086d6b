import Testing

/// A place that breaks a rule, and what to do about it.
struct Violation: Hashable, CustomStringConvertible {
    let path: String
    let line: Int
    let problem: String

    var description: String { "\(path):\(line): \(problem)" }
}

/// Fails the test once for each violation, so that a report lists them one by one.
func expectNone(_ violations: [Violation], sourceLocation: Testing.SourceLocation = #_sourceLocation) {
    for violation in violations {
        Issue.record("\(violation)", sourceLocation: sourceLocation)
    }
}
