/// The options that every command has; they may stand anywhere on the line.
enum GlobalOptions {
    static let json = OptionSpec.flag("json", help: "Print data, and errors, as JSON")
    static let quiet = OptionSpec.flag("quiet", short: "q", help: "Print only what was asked for, and errors")
    static let verbose = OptionSpec.flag("verbose", short: "v", help: "Print more of what happens")
    static let noColor = OptionSpec.flag("no-color", help: "No colours; also the variable NO_COLOR")
    static let directory = OptionSpec.value(
        "directory", short: "C", .text("DIR", completes: .folders), help: "Work as if started in DIR")
    static let help = OptionSpec.flag("help", short: "h", help: "Print the help of the command")
    static let version = OptionSpec.flag("version", help: "Print the version")

    static let all = [json, quiet, verbose, noColor, directory, help, version]
}
