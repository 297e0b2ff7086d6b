import JSON

extension TextStream {
    /// One JSON value: over several lines for a person at a terminal, on one line for a program.
    func json(_ value: JSONValue) { line(value.text(isTerminal ? .pretty : .compact)) }
}
