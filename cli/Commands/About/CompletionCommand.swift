/// `repro completion`
enum CompletionCommand: Command {
    private static let shell = ArgumentSpec(
        "SHELL", completes: .words(CompletionScript.allCases.map(\.rawValue)),
        help: "One of: \(CompletionScript.allCases.map(\.rawValue).joined(separator: ", "))")

    static let spec = CommandSpec(
        "completion", "Print the completion script of a shell", in: .help, arguments: [shell],
        discussion: [
            "The script asks the installed `repro` for every word, so it completes commands, options, and the stages and "
                + "runs of the project, and need not be printed again after an update."
        ],
        examples: [
            CommandExample("source <(repro completion bash)", "In ~/.bashrc"),
            CommandExample("source <(repro completion zsh)", "In ~/.zshrc, after compinit"),
            CommandExample("repro completion fish | source", "In ~/.config/fish/config.fish"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let name = call.arguments.value(of: shell) ?? ""
        guard let script = CompletionScript(rawValue: name) else {
            throw UsageError.unusable(
                "there is no completion for \(name)",
                hint: "the shells are \(CompletionScript.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        call.output.line(script.text)
        return .done
    }
}
