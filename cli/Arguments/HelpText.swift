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
        lines += ["", heading("More:")]
        lines += entry("repro help COMMAND", "One command: its options, examples and exit codes", nameWidth: 18)
        for topic in HelpTopic.allCases {
            lines += entry("repro help \(topic.rawValue)", topic.summary, nameWidth: 18)
        }
        return lines.joined(separator: "\n")
    }

    /// `repro help run` and `repro run --help`.
    func page(of command: CommandSpec) -> String {
        var lines = wrapped(command.summary, toWidth: width)
        lines += ["", heading("Usage:") + " \(command.usage)"]
        for paragraph in command.discussion { lines += [""] + wrapped(paragraph, toWidth: width) }
        if !command.arguments.isEmpty {
            let nameWidth = command.arguments.reduce(0) { max($0, $1.name.count) }
            lines += ["", heading("Arguments:")]
            for argument in command.arguments { lines += entry(argument.name, argument.help, nameWidth: nameWidth) }
        }
        if !command.options.isEmpty { lines += ["", heading("Options:")] + options(command.options) }
        lines += ["", heading("Everywhere:")] + options(GlobalOptions.all.filter { $0.name != "version" })
        if !command.examples.isEmpty {
            lines += ["", heading("Examples:")]
            let nameWidth = command.examples.reduce(0) { max($0, $1.command.count) }
            for example in command.examples { lines += entry(example.command, example.meaning, nameWidth: nameWidth) }
        }
        if !command.exits.isEmpty {
            lines += ["", heading("Exit codes:")] + entry("0", "Done", nameWidth: 3)
            for exit in command.exits { lines += entry("\(exit.kind.exitCode)", exit.meaning, nameWidth: 3) }
        }
        return lines.joined(separator: "\n")
    }

    private func heading(_ text: String) -> String { palette.paint(text, .strong) }

    private func options(_ options: [OptionSpec]) -> [String] {
        let nameWidth = options.reduce(0) { max($0, displayWidth(of: $1.usage)) }
        return options.flatMap { option in
            let note = option.isRepeatable ? "; may be given several times" : ""
            return entry(option.usage, option.help + note, nameWidth: nameWidth)
        }
    }

    /// A name, and its meaning wrapped in a column beside it.
    private func entry(_ name: String, _ meaning: String, nameWidth: Int) -> [String] {
        let column = Self.indent.count + nameWidth + 3
        let meaningLines = wrapped(meaning, toWidth: max(20, width - column))
        let start = Self.indent + padded(name, toWidth: nameWidth) + "   "
        let space = String(repeating: " ", count: column)
        return meaningLines.enumerated().map { ($0.offset == 0 ? start : space) + $0.element }
    }
}

extension HelpText {
    /// `repro help exit-codes`.
    func page(of topic: HelpTopic) -> String {
        let nameWidth = topic.entries.reduce(0) { max($0, $1.name.count) }
        let lines = topic.entries.flatMap { entry($0.name, $0.meaning, nameWidth: nameWidth) }
        return ([topic.summary, ""] + lines).joined(separator: "\n")
    }
}
