/// An option of a command: `--force`, `-j N`, `--set KEY=VALUE`.
struct OptionSpec: Sendable {
    /// Without the dashes.
    let name: String
    let short: Character?
    /// Nil: the option is a flag.
    let value: OptionValue?
    /// May be given several times, and each counts.
    let isRepeatable: Bool
    let help: String

    static func flag(_ name: String, short: Character? = nil, help: String) -> OptionSpec {
        OptionSpec(name: name, short: short, value: nil, isRepeatable: false, help: help)
    }

    static func value(_ name: String, short: Character? = nil, _ value: OptionValue, help: String) -> OptionSpec {
        OptionSpec(name: name, short: short, value: value, isRepeatable: false, help: help)
    }

    static func values(_ name: String, short: Character? = nil, _ value: OptionValue, help: String) -> OptionSpec {
        OptionSpec(name: name, short: short, value: value, isRepeatable: true, help: help)
    }

    /// `-j, --jobs N`, with the long names of a help page in one column.
    var usage: String {
        (short.map { "-\($0), " } ?? "    ") + "--\(name)" + (value.map { " \($0.name)" } ?? "")
    }
}

/// What an option's value must be; checked while the command line is read.
struct OptionValue: Sendable {
    enum Kind: Sendable {
        case text
        /// A whole number above 0.
        case count
        case choice([String])
    }

    /// As shown, in capitals.
    let name: String
    let kind: Kind
    let completes: CompletionSource

    static func text(_ name: String, completes: CompletionSource = .nothing) -> OptionValue {
        OptionValue(name: name, kind: .text, completes: completes)
    }

    static func count(_ name: String) -> OptionValue { OptionValue(name: name, kind: .count, completes: .nothing) }

    static func choice(_ name: String, of choices: [String]) -> OptionValue {
        OptionValue(name: name, kind: .choice(choices), completes: .words(choices))
    }

    /// Why `text` cannot be the value; nil if it can.
    func objection(to text: String) -> String? {
        switch kind {
        case .text: text.isEmpty ? "the value is empty" : nil
        case .count: Int(text).map { $0 > 0 } == true ? nil : "\(text) is not a whole number above 0"
        case .choice(let choices):
            choices.contains(text) ? nil : "\(text) is not one of \(choices.joined(separator: ", "))"
        }
    }
}

/// Where the shell's completion of a word comes from.
enum CompletionSource: Sendable, Equatable {
    case nothing
    case files
    case folders
    case words([String])
    /// The stages of the project's pipeline.
    case stages
    /// Names and ids of runs.
    case runs
    case experiments
    /// Names of params, followed by `=`.
    case paramAssignments
    case commands
}
