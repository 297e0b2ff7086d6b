import Diagnostics

/// All that the command line says about one command: its parser, help page and completion are made from it.
struct CommandSpec: Sendable {
    /// What the user types after `repro`: one word, or two for one of a family (`params show`).
    let name: String
    /// One line, imperative, no full stop: `Run the pipeline`.
    let summary: String
    let section: CommandSection
    let arguments: [ArgumentSpec]
    let options: [OptionSpec]
    /// Paragraphs for the help page: what the user must know and cannot guess.
    let discussion: [String]
    let examples: [CommandExample]
    /// The failures that have a meaning of their own here; how every command can fail is on `repro help exit-codes`.
    let exits: [CommandExit]

    init(
        _ name: String, _ summary: String, in section: CommandSection, arguments: [ArgumentSpec] = [],
        options: [OptionSpec] = [], discussion: [String] = [], examples: [CommandExample] = [],
        exits: [CommandExit] = []
    ) {
        self.name = name
        self.summary = summary
        self.section = section
        self.arguments = arguments
        self.options = options
        self.discussion = discussion
        self.examples = examples
        self.exits = exits
    }

    /// `repro show [OPTIONS] RUN`.
    var usage: String {
        (["repro", name, "[OPTIONS]"] + arguments.map(\.usage)).joined(separator: " ")
    }
}

/// A heading of `repro help`; in the order shown.
enum CommandSection: String, Sendable, CaseIterable {
    case start = "Start"
    case data = "Data"
    case pipeline = "Pipeline"
    case runs = "Runs"
    case values = "Params, metrics, plots"
    case models = "Models"
    case logging = "Logging from scripts"
    case store = "Store"
    case remotes = "Remotes"
    case help = "Help"
    /// For scripts of our own; not listed.
    case hidden
}

/// A line of the help page's examples.
struct CommandExample: Sendable {
    let command: String
    let meaning: String

    init(_ command: String, _ meaning: String) {
        self.command = command
        self.meaning = meaning
    }
}

/// What one exit code means for one command.
struct CommandExit: Sendable {
    let kind: ErrorKind
    let meaning: String

    init(_ kind: ErrorKind, _ meaning: String) {
        self.kind = kind
        self.meaning = meaning
    }
}

/// A word that is told apart by its place: `RUN` in `repro show RUN`.
struct ArgumentSpec: Sendable {
    enum Count: Sendable { case one, optional, any, atLeast(Int) }

    /// As shown, in capitals.
    let name: String
    let count: Count
    let completes: CompletionSource
    let help: String

    init(_ name: String, _ count: Count = .one, completes: CompletionSource = .nothing, help: String) {
        self.name = name
        self.count = count
        self.completes = completes
        self.help = help
    }

    var usage: String {
        switch count {
        case .one: name
        case .optional: "[\(name)]"
        case .any: "[\(name)…]"
        case .atLeast(let count): Array(repeating: name, count: count).joined(separator: " ") + "…"
        }
    }

    var minimum: Int {
        switch count {
        case .one: 1
        case .optional, .any: 0
        case .atLeast(let count): count
        }
    }

    var maximum: Int {
        switch count {
        case .one, .optional: 1
        case .any, .atLeast: .max
        }
    }
}
