import Experiments
import ReproLogging

/// `repro log tag`
enum LogTagCommand: Command {
    private static let values = ArgumentSpec(
        "KEY=VALUE", .atLeast(1), help: "A tag and its value; set again, it is replaced")

    static let spec = CommandSpec(
        "log tag", "Set tags of a run", in: .logging, arguments: [values],
        options: [LogArguments.run, LogArguments.server],
        examples: [CommandExample("repro log tag team=vision", "")], exits: LogArguments.exits)

    static func run(_ call: Invocation) throws -> ExitStatus {
        let tags = try LogArguments.pairs(call.arguments.values(of: values)).map { Tag(key: $0.key, value: $0.value) }
        return LogArguments.show(try LogArguments.open(call).set(tags: tags), call)
    }
}
