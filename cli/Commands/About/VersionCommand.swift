import JSON

/// `repro version`
enum VersionCommand: Command {
    static let version = "0.1.0"

    static let spec = CommandSpec(
        "version", "Print the version of Repro", in: .help,
        examples: [CommandExample("repro version --json", "For scripts")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        if call.printsJSON {
            call.output.json(.object(["version": .string(version)]))
        } else {
            call.output.line("repro \(version)")
        }
        return .done
    }
}
