/// An error that a person will read: what happened, where, and what to do next.
///
/// Each module has one error enum; its cases carry facts, and one `switch` beside them writes the words. A message
/// starts with its subject, is lower case, has no full stop, and quotes with backticks only what can be typed.
package protocol UserFacingError: Error, CustomStringConvertible {
    var kind: ErrorKind { get }
    /// What happened and where, in one sentence.
    var message: String { get }
    /// A command to run or a thing to change, if we know one.
    var hint: String? { get }
    /// The place in a file that the user wrote, if the mistake is there.
    var location: SourceLocation? { get }
}

extension UserFacingError {
    package var hint: String? { nil }
    package var location: SourceLocation? { nil }

    package var description: String {
        let place = location.map { "\($0): " } ?? ""
        return place + message + (hint.map { "\nhint: \($0)" } ?? "")
    }
}
