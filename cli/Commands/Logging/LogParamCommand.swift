import Diagnostics
import Experiments
import JSON
import ReproLogging

/// `repro log param`
enum LogParamCommand: Command {
    private static let values = ArgumentSpec(
        "KEY=VALUE", .atLeast(1), help: "A param and its value: a number, true, false, null, a list, or else text")

    static let spec = CommandSpec(
        "log param", "Record params of a run", in: .logging, arguments: [values],
        options: [LogArguments.run, LogArguments.server],
        discussion: ["A param is written once: the same value again is nothing new, another one is refused."],
        examples: [CommandExample("repro log param rate=0.1 kind=mlp", "")],
        exits: LogArguments.exits + [CommandExit(.conflict, "A param has another value already")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let params = try LogArguments.pairs(call.arguments.values(of: values)).map { key, text in
            Param(key: key, value: (try? JSONValue(parsing: text)) ?? .string(text))
        }
        return LogArguments.show(try LogArguments.open(call).log(params: params), call)
    }
}
