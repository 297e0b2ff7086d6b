/// `repro __complete`: what the completion scripts call.
///
/// Prints one candidate a line, with a tab and its meaning if it has one; `:files` and `:folders` ask the shell to
/// add its own.
enum CompleteCommand: Command {
    private static let words = ArgumentSpec("WORD", .any, help: "The words after `repro`, the last as far as typed")

    static let spec = CommandSpec(
        "__complete", "Complete a command line", in: .hidden, arguments: [words])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let completer = Completer(commands: allCommands.map { $0.spec }) { _, _ in [] }
        for candidate in completer.candidates(for: call.arguments.values(of: words)) {
            call.output.line(candidate.word + (candidate.meaning.isEmpty ? "" : "\t\(candidate.meaning)"))
        }
        return .done
    }
}
