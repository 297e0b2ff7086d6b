import Diagnostics

/// Reads a command line: finds the command, then sorts the words by its spec.
///
/// Options may stand before or after arguments, as `--name value`, `--name=value`, `-nvalue` or `-n value`; flags of
/// one letter may be joined; after `--` every word is an argument. Names are never abbreviated: a script that works
/// today must not become ambiguous when an option is added.
struct ArgumentParser {
    let commands: [CommandSpec]

    /// A command line that was understood.
    enum Result {
        case run(CommandSpec, ParsedArguments)
        /// `--help` was given, with the command if one was.
        case help(CommandSpec?)
        case version
    }

    func parse(_ words: [String]) throws(UsageError) -> Result {
        let (command, rest) = try findCommand(words)
        if asksForHelp(rest) { return .help(command) }
        guard let command else {
            if rest.contains("--version") { return .version }
            _ = try WordSorter(spec: nil).sort(rest)
            throw .missingCommand
        }
        return .run(command, try WordSorter(spec: command).sort(rest))
    }

    /// The command, and all words but those that name it.
    private func findCommand(_ words: [String]) throws(UsageError) -> (CommandSpec?, [String]) {
        var names: [(position: Int, word: String)] = []
        var position = 0
        while position < words.count, names.count < 2 {
            let word = words[position]
            if word == "--" { break }
            if takesNextWord(word) {
                position += 1
            } else if !word.hasPrefix("-") {
                names.append((position, word))
                // Only the second word of a family may follow an option that is not global.
                if names.count == 1, !isFamily(word) { break }
            }
            position += 1
        }
        guard let first = names.first else { return (nil, words) }
        let family = first.word
        if names.count == 2, let command = spec(named: "\(family) \(names[1].word)") {
            return (command, words.removing(names.map(\.position)))
        }
        if let command = spec(named: family) { return (command, words.removing([first.position])) }
        if isFamily(family) { try rejectFamily(family, second: names.dropFirst().first?.word, words) }
        let candidates = commands.filter { $0.section != .hidden }.map(\.name)
        throw .unknownCommand(family, nearest: nearestName(to: family, among: candidates))
    }

    private func rejectFamily(_ family: String, second: String?, _ words: [String]) throws(UsageError) {
        let choices = commands.map(\.name).filter { $0.hasPrefix(family + " ") }.map {
            String($0.dropFirst(family.count + 1))
        }
        guard let second else { throw .missingSubcommand(family: family, choices: choices) }
        throw .unknownSubcommand(
            second, family: family, nearest: nearestName(to: second, among: choices), choices: choices)
    }

    private func spec(named name: String) -> CommandSpec? { commands.first { $0.name == name } }

    private func isFamily(_ word: String) -> Bool { commands.contains { $0.name.hasPrefix(word + " ") } }

    /// Whether `word` is a global option whose value is the next word.
    private func takesNextWord(_ word: String) -> Bool {
        GlobalOptions.all.contains { option in
            option.value != nil && (word == "--\(option.name)" || option.short.map { word == "-\($0)" } ?? false)
        }
    }

    /// Help is given however wrong the rest of the line is.
    private func asksForHelp(_ words: [String]) -> Bool {
        words.prefix { $0 != "--" }.contains { $0 == "--help" || $0 == "-h" }
    }
}

/// Sorts the words after the command's name into options and arguments.
private struct WordSorter {
    let options: [OptionSpec]
    let spec: CommandSpec?
    private var parsed = ParsedArguments()

    init(spec: CommandSpec?) {
        self.spec = spec
        options = (spec?.options ?? []) + GlobalOptions.all
    }

    func sort(_ words: [String]) throws(UsageError) -> ParsedArguments {
        var sorter = self
        var plain: [String] = []
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--" {
                plain += rest
                break
            } else if word.hasPrefix("--") {
                try sorter.readLong(word, rest: &rest)
            } else if word.hasPrefix("-"), word != "-" {
                try sorter.readShort(word, rest: &rest)
            } else {
                plain.append(word)
            }
        }
        try sorter.readArguments(plain)
        return sorter.parsed
    }

    private mutating func readLong(_ word: String, rest: inout ArraySlice<String>) throws(UsageError) {
        let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let shown = "--\(parts[0])"
        guard let option = options.first(where: { $0.name == parts[0] }) else {
            throw .unknownOption(shown, command: spec?.name ?? "", nearest: nearestOption(to: String(parts[0])))
        }
        if option.value == nil, parts.count == 2 { throw .unexpectedValue(option: shown) }
        let attached = parts.count == 2 ? String(parts[1]) : nil
        try take(option, shown: shown, attached: attached, rest: &rest)
    }

    private mutating func readShort(_ word: String, rest: inout ArraySlice<String>) throws(UsageError) {
        var letters = word.dropFirst()
        while let letter = letters.popFirst() {
            let shown = "-\(letter)"
            guard let option = options.first(where: { $0.short == letter }) else {
                throw .unknownOption(
                    letters.isEmpty ? shown : word, command: spec?.name ?? "",
                    nearest: nearestOption(to: String(word.dropFirst())))
            }
            if option.value != nil {
                let attached = letters.isEmpty ? nil : String(letters)
                return try take(option, shown: shown, attached: attached, rest: &rest)
            }
            try take(option, shown: shown, attached: nil, rest: &rest)
        }
    }

    private mutating func take(
        _ option: OptionSpec, shown: String, attached: String?, rest: inout ArraySlice<String>
    ) throws(UsageError) {
        guard let value = option.value else { return parsed.add(nil, to: option) }
        if !option.isRepeatable, parsed.has(option) { throw .repeatedOption(shown) }
        var text = attached
        if text == nil {
            guard let next = rest.first else { throw .missingValue(option: shown, valueName: value.name) }
            if next.hasPrefix("-"), next != "-", Double(next) == nil {
                throw .ambiguousValue(option: "--\(option.name)", valueName: value.name, next: next)
            }
            text = rest.removeFirst()
        }
        if let objection = value.objection(to: text ?? "") {
            throw .invalidValue(option: shown, objection: objection)
        }
        parsed.add(text, to: option)
    }

    private func nearestOption(to name: String) -> String? {
        let names = options.map(\.name)
        // `-force`: right but for a dash.
        let nearest = names.contains(name) ? name : nearestName(to: name, among: names)
        return nearest.map { "--\($0)" }
    }

    private mutating func readArguments(_ words: [String]) throws(UsageError) {
        guard let spec else {
            if let word = words.first { throw .unexpectedArgument(word, usage: "repro COMMAND") }
            return
        }
        var rest = words[...]
        for (index, argument) in spec.arguments.enumerated() {
            let neededLater = spec.arguments[(index + 1)...].reduce(0) { $0 + $1.minimum }
            let count = min(argument.maximum, max(argument.minimum, rest.count - neededLater))
            if rest.count < count { throw .missingArgument(argument.name, usage: spec.usage) }
            parsed.add(Array(rest.prefix(count)), to: argument)
            rest = rest.dropFirst(count)
        }
        if let word = rest.first { throw .unexpectedArgument(word, usage: spec.usage) }
    }
}

extension [String] {
    fileprivate func removing(_ positions: [Int]) -> [String] {
        enumerated().filter { !positions.contains($0.offset) }.map(\.element)
    }
}
