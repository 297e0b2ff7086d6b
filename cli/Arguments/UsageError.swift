import Diagnostics

/// A command line that cannot be understood.
enum UsageError: UserFacingError, Equatable {
    case missingCommand
    case unknownCommand(String, nearest: String?)
    /// The first word of a family of commands, alone.
    case missingSubcommand(family: String, choices: [String])
    case unknownSubcommand(String, family: String, nearest: String?, choices: [String])
    case unknownOption(String, command: String, nearest: String?)
    case missingValue(option: String, valueName: String)
    /// The next word looks like an option, so it was not taken as the value.
    case ambiguousValue(option: String, valueName: String, next: String)
    case unexpectedValue(option: String)
    case invalidValue(option: String, objection: String)
    case repeatedOption(String)
    case missingArgument(String, usage: String)
    case unexpectedArgument(String, usage: String)
    /// Two options that contradict each other.
    case contradiction(String, String)
    /// Facts of one command: what is wrong with what was typed.
    case unusable(String, hint: String?)

    var kind: ErrorKind { .invalidInput }

    var message: String {
        switch self {
        case .missingCommand: "no command"
        case .unknownCommand(let word, _): "unknown command \(word)"
        case .missingSubcommand(let family, _): "\(family) needs one more word"
        case .unknownSubcommand(let word, let family, _, _): "unknown command \(family) \(word)"
        case .unknownOption(let option, let command, _):
            "unknown option \(option)" + (command.isEmpty ? "" : " of repro \(command)")
        case .missingValue(let option, let valueName), .ambiguousValue(let option, let valueName, _):
            "option \(option) needs a value: \(valueName)"
        case .unexpectedValue(let option): "option \(option) takes no value"
        case .invalidValue(let option, let objection): "option \(option): \(objection)"
        case .repeatedOption(let option): "option \(option) is given twice"
        case .missingArgument(let argument, _): "argument \(argument) is missing"
        case .unexpectedArgument(let word, _): "unexpected argument \(word)"
        case .contradiction(let one, let other): "options \(one) and \(other) contradict each other"
        case .unusable(let message, _): message
        }
    }

    var hint: String? {
        switch self {
        case .missingCommand: "`repro help` lists the commands"
        case .unknownCommand(_, let nearest):
            nearest.map { "did you mean `repro \($0)`?" } ?? "`repro help` lists the commands"
        case .missingSubcommand(let family, let choices): Self.list(choices.map { "`repro \(family) \($0)`" })
        case .unknownSubcommand(_, let family, let nearest, let choices):
            nearest.map { "did you mean `repro \(family) \($0)`?" }
                ?? Self.list(choices.map { "`repro \(family) \($0)`" })
        case .unknownOption(_, let command, let nearest):
            nearest.map { "did you mean `\($0)`?" }
                ?? (command.isEmpty ? "`repro help` lists the commands" : "`repro help \(command)` lists the options")
        case .ambiguousValue(let option, let valueName, let next):
            "`\(option)=\(next)` if \(next) is meant as \(valueName)"
        case .missingValue, .unexpectedValue, .invalidValue, .repeatedOption: nil
        case .contradiction: "leave one of them out"
        case .missingArgument(_, let usage), .unexpectedArgument(_, let usage): "usage: \(usage)"
        case .unusable(_, let hint): hint
        }
    }

    /// `a`, `a or b`, `a, b or c`.
    private static func list(_ choices: [String]) -> String {
        guard let last = choices.last, choices.count > 1 else { return choices.first ?? "" }
        return choices.dropLast().joined(separator: ", ") + " or " + last
    }
}
