import Diagnostics

/// The help pages, made from the commands' specs.
struct HelpText {
    let palette: Palette
    /// Columns to wrap at.
    let width: Int

    private static let indent = "  "

    /// `repro help`.
    func overview(of commands: [CommandSpec]) -> String {
        var lines = [
            "Repro runs machine-learning pipelines, remembers what made what, and compares the runs.",
            "", heading("Usage:") + " repro COMMAND [OPTIONS] [ARGUMENTS]",
        ]
        let nameWidth = commands.filter { $0.section != .hidden }.reduce(0) { max($0, $1.name.count) }
        for section in CommandSection.allCases where section != .hidden {
            let members = commands.filter { $0.section == section }
            if members.isEmpty { continue }
            lines += ["", heading("\(section.rawValue):")]
            for command in members { lines += entry(command.name, command.summary, nameWidth: nameWidth) }
        }
        lines += ["", heading("Everywhere:")] + options(GlobalOptions.all)
        let topics = HelpTopic.allCases.map { (name: "repro help \($0.rawValue)", meaning: $0.summary) }
        lines += ["", heading("More:")]
        lines += entries([("repro help COMMAND", "One command: its options, examples and exit codes")] + topics)
        return lines.joined(separator: "\n")
    }

    /// `repro help run` and `repro run --help`.
    func page(of command: CommandSpec) -> String {
        var lines = wrapped(command.summary, toWidth: width)
        lines += ["", heading("Usage:") + " \(command.usage)"]
        for paragraph in command.discussion { lines += [""] + wrapped(paragraph, toWidth: width) }
        if !command.arguments.isEmpty {
            lines += ["", heading("Arguments:")] + entries(command.arguments.map { ($0.name, $0.help) })
        }
        if !command.options.isEmpty { lines += ["", heading("Options:")] + options(command.options) }
        lines += ["", heading("Everywhere:")] + options(GlobalOptions.all.filter { $0.name != "version" })
        if !command.examples.isEmpty {
            lines += ["", heading("Examples:")] + entries(command.examples.map { ($0.command, $0.meaning) })
        }
        if !command.exits.isEmpty {
            let exits = command.exits.map { (name: "\($0.kind.exitCode)", meaning: $0.meaning) }
            lines += ["", heading("Exit codes:")] + entries([("0", "Done")] + exits)
        }
        return lines.joined(separator: "\n")
    }

    private func heading(_ text: String) -> String { palette.paint(text, .strong) }

    private func options(_ options: [OptionSpec]) -> [String] {
        entries(options.map { ($0.usage, $0.help + ($0.isRepeatable ? "; may be given several times" : "")) })
    }

    private func entries(_ entries: [(name: String, meaning: String)]) -> [String] {
        let nameWidth = entries.reduce(0) { max($0, displayWidth(of: $1.name)) }
        return entries.flatMap { entry($0.name, $0.meaning, nameWidth: nameWidth) }
    }

    /// A name, and its meaning wrapped in a column beside it.
    private func entry(_ name: String, _ meaning: String, nameWidth: Int) -> [String] {
        let column = Self.indent.count + nameWidth + 3
        let meaningLines = wrapped(meaning, toWidth: max(20, width - column))
        if meaningLines.isEmpty { return [Self.indent + name] }
        let start = Self.indent + padded(name, toWidth: nameWidth) + "   "
        let space = String(repeating: " ", count: column)
        return meaningLines.enumerated().map { ($0.offset == 0 ? start : space) + $0.element }
    }
}

extension HelpText {
    /// `repro help exit-codes`.
    func page(of topic: HelpTopic) -> String {
        let discussion = topic.discussion.flatMap { [""] + wrapped($0, toWidth: width) }
        let sample = topic.sample.isEmpty ? [] : [""] + topic.sample.map { Self.indent + $0 }
        return ([topic.summary] + discussion + sample + [""] + entries(topic.entries)).joined(separator: "\n")
    }
}
