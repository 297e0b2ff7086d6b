/// The words of a command line, sorted out by the command's spec: each value is there, allowed and counted.
struct ParsedArguments: Sendable, Equatable {
    /// By option name; a flag that was given has an empty list.
    private var options: [String: [String]] = [:]
    /// By argument name.
    private var arguments: [String: [String]] = [:]

    func has(_ flag: OptionSpec) -> Bool { options[flag.name] != nil }

    func value(of option: OptionSpec) -> String? { options[option.name]?.last }

    func values(of option: OptionSpec) -> [String] { options[option.name] ?? [] }

    /// The value of an option whose value is a count.
    func count(of option: OptionSpec) -> Int? { value(of: option).flatMap { Int($0) } }

    func value(of argument: ArgumentSpec) -> String? { arguments[argument.name]?.first }

    func values(of argument: ArgumentSpec) -> [String] { arguments[argument.name] ?? [] }

    mutating func add(_ value: String?, to option: OptionSpec) {
        options[option.name, default: []] += value.map { [$0] } ?? []
    }

    mutating func add(_ values: [String], to argument: ArgumentSpec) { arguments[argument.name] = values }
}
