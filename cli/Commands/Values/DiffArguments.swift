import Operations

/// What `repro params diff` and `repro metrics diff` take.
enum DiffArguments {
    static let from = ArgumentSpec(
        "FROM", .optional, completes: .runs,
        help: "A run, a Git commit or branch, or `workspace`; the latest run if none is named")
    static let to = ArgumentSpec(
        "TO", .optional, completes: .runs, help: "The same; `workspace` if none is named")
    static let all = OptionSpec.flag("all", short: "a", help: "Also what is the same in both")

    static let markdown = OptionSpec.flag("md", help: "Print a Markdown table, as for a pull request")

    static func options(_ arguments: ParsedArguments) -> DiffValuesOptions {
        var options = DiffValuesOptions(
            from: arguments.value(of: from).map { Revision($0) } ?? .run("last"),
            to: Revision(arguments.value(of: to)))
        options.includesEqual = arguments.has(all)
        return options
    }
}
