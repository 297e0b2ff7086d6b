/// Finds what may stand where the cursor is, from the commands' specs.
struct Completer {
    struct Candidate: Equatable {
        let word: String
        let meaning: String

        init(_ word: String, _ meaning: String = "") {
            self.word = word
            self.meaning = meaning
        }

        /// Not words, but wishes to the shell.
        static let files = Candidate(":files")
        static let folders = Candidate(":folders")
    }

    let commands: [CommandSpec]
    /// What the project at hand knows (stages, runs…); the folder is that of a `-C` on the line.
    let lookUp: (CompletionSource, _ directory: String?) -> [Candidate]

    /// `words`: what follows `repro`; the last one is being typed and may be empty.
    func candidates(for words: [String]) -> [Candidate] {
        guard let typed = words.last else { return [] }
        let line = Line(words: words.dropLast(), commands: commands)
        if let option = line.pendingOption { return values(of: option, on: line).filter(startingWith: typed) }
        if typed.hasPrefix("-"), !line.isAfterSeparator {
            if let equals = typed.firstIndex(of: "=") { return attachedValues(typed, equals: equals, on: line) }
            return options(on: line).filter(startingWith: typed)
        }
        guard let command = line.command else {
            return commandWords(after: line.family).filter(startingWith: typed)
        }
        guard let argument = line.nextArgument(of: command) else { return [] }
        let given = Set(line.plainWords)
        return candidates(from: argument.completes, on: line).filter(startingWith: typed).filter {
            !given.contains($0.word)
        }
    }

    /// `--name=val`: the whole word is completed.
    private func attachedValues(_ typed: String, equals: String.Index, on line: Line) -> [Candidate] {
        let option = line.options.first { "--\($0.name)" == typed[..<equals] }
        guard let option else { return [] }
        return values(of: option, on: line).map { candidate in
            candidate.word.hasPrefix(":")
                ? candidate : Candidate("\(typed[...equals])\(candidate.word)", candidate.meaning)
        }
        .filter(startingWith: typed)
    }

    private func values(of option: OptionSpec, on line: Line) -> [Candidate] {
        option.value.map { candidates(from: $0.completes, on: line) } ?? []
    }

    private func options(on line: Line) -> [Candidate] {
        line.options
            .filter { $0.isRepeatable || !line.givenOptions.contains($0.name) }
            .map { Candidate("--\($0.name)", $0.help) }
    }

    /// The commands, or the second words of the family's.
    private func commandWords(after family: String?) -> [Candidate] {
        var words: [Candidate] = []
        for command in commands where command.section != .hidden {
            var name = Substring(command.name)
            var meaning = command.summary
            if let family {
                guard name.hasPrefix(family + " ") else { continue }
                name = name.dropFirst(family.count + 1)
            } else if let space = name.firstIndex(of: " ") {
                name = name[..<space]
                let members = commands.filter { $0.name.hasPrefix(name + " ") }
                meaning = members.map { String($0.name.dropFirst(name.count + 1)) }.joined(separator: ", ")
            }
            if !words.contains(where: { $0.word == name }) { words.append(Candidate(String(name), meaning)) }
        }
        return words
    }

    private func candidates(from source: CompletionSource, on line: Line) -> [Candidate] {
        switch source {
        case .nothing: []
        case .files: [.files]
        case .folders: [.folders]
        case .words(let words): words.map { Candidate($0) }
        case .commands: commandWords(after: nil) + HelpTopic.allCases.map { Candidate($0.rawValue, $0.summary) }
        case .stages, .runs, .experiments, .paramAssignments: lookUp(source, line.directory)
        }
    }
}

/// What the finished words of a line mean, as far as they mean something.
private struct Line {
    private(set) var command: CommandSpec?
    /// The first word of a two-word command, when the second is still to come.
    private(set) var family: String?
    /// The option whose value comes next.
    private(set) var pendingOption: OptionSpec?
    private(set) var givenOptions: Set<String> = []
    private(set) var plainWords: [String] = []
    private(set) var directory: String?
    private(set) var isAfterSeparator = false
    private let commands: [CommandSpec]

    var options: [OptionSpec] { (command?.options ?? []) + GlobalOptions.all }

    init(words: some Sequence<String>, commands: [CommandSpec]) {
        self.commands = commands
        for word in words { read(word) }
    }

    func nextArgument(of command: CommandSpec) -> ArgumentSpec? {
        var position = plainWords.count
        for argument in command.arguments {
            if position < argument.maximum { return argument }
            position -= argument.maximum
        }
        return nil
    }

    private mutating func read(_ word: String) {
        if let option = pendingOption {
            if option.name == GlobalOptions.directory.name { directory = word }
            pendingOption = nil
        } else if isAfterSeparator {
            plainWords.append(word)
        } else if word == "--" {
            isAfterSeparator = true
        } else if word.hasPrefix("-"), word != "-" {
            readOption(word)
        } else if command == nil {
            readCommand(word)
        } else {
            plainWords.append(word)
        }
    }

    private mutating func readOption(_ word: String) {
        let name = word.split(separator: "=", maxSplits: 1)[0]
        let option = options.first { option in
            "--\(option.name)" == name || (word.count == 2 && option.short == word.last)
        }
        guard let option else { return }
        givenOptions.insert(option.name)
        if option.value != nil, name.count == word.count { pendingOption = option }
    }

    private mutating func readCommand(_ word: String) {
        let name = family.map { "\($0) \(word)" } ?? word
        command = commands.first { $0.name == name }
        if command == nil, commands.contains(where: { $0.name.hasPrefix(name + " ") }) { family = name }
    }
}

extension [Completer.Candidate] {
    fileprivate func filter(startingWith typed: String) -> [Completer.Candidate] {
        filter { $0.word.hasPrefix(typed) || $0.word.hasPrefix(":") }
    }
}
