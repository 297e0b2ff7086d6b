import Diagnostics

/// `repro help`
enum HelpCommand: Command {
    private static let topic = ArgumentSpec(
        "TOPIC", .any, completes: .commands, help: "A command, or one of: \(topicNames)")

    private static var topicNames: String { HelpTopic.allCases.map(\.rawValue).joined(separator: ", ") }

    static let spec = CommandSpec(
        "help", "Explain a command or a topic", in: .help, arguments: [topic],
        examples: [
            CommandExample("repro help run", "The options of `repro run`"),
            CommandExample("repro help exit-codes", "What a script may rely on"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let name = call.arguments.values(of: topic).joined(separator: " ")
        let commands = allCommands.map { $0.spec }
        let text = HelpText(stream: call.output)
        if name.isEmpty {
            call.output.line(text.overview(of: commands))
        } else if let topic = HelpTopic(rawValue: name) {
            call.output.line(text.page(of: topic))
        } else if let command = commands.first(where: { $0.name == name }) {
            call.output.line(text.page(of: command))
        } else {
            try explainFamily(name, commands: commands, text: text, output: call.output)
        }
        return .done
    }

    /// `repro help params`: all commands that begin with the word.
    private static func explainFamily(
        _ name: String, commands: [CommandSpec], text: HelpText, output: TextStream
    ) throws {
        let members = commands.filter { $0.name.hasPrefix(name + " ") }
        if members.isEmpty {
            let listed = commands.filter { $0.section != .hidden }.map(\.name) + HelpTopic.allCases.map(\.rawValue)
            let nearest = nearestName(to: name, among: listed)
            throw UsageError.unusable(
                "there is no help about \(name)",
                hint: nearest.map { "did you mean `repro help \($0)`?" } ?? "`repro help` lists the commands")
        }
        output.line(members.map { text.page(of: $0) }.joined(separator: "\n\n\n"))
    }
}

extension HelpText {
    /// Pages for a stream: as wide as its terminal, but no wider than a line of prose should be.
    init(stream: TextStream) { self.init(palette: stream.palette, width: min(stream.width ?? 100, 100)) }
}
