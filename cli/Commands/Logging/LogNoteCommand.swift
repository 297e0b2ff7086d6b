import ReproLogging

/// `repro log note`
enum LogNoteCommand: Command {
    private static let text = ArgumentSpec("TEXT", help: "What the run is about, in Markdown")

    static let spec = CommandSpec(
        "log note", "Say in words what a run is about", in: .logging, arguments: [text],
        options: [LogArguments.run, LogArguments.server],
        discussion: ["Replaces what was said before."],
        examples: [CommandExample("repro log note 'The wide model, with *half* the rate'", "")],
        exits: LogArguments.exits)

    static func run(_ call: Invocation) throws -> ExitStatus {
        LogArguments.show(try LogArguments.open(call).note(call.arguments.value(of: text) ?? ""), call)
    }
}
