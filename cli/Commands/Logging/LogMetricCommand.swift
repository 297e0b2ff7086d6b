import Diagnostics
import ReproLogging

/// `repro log metric`
enum LogMetricCommand: Command {
    private static let values = ArgumentSpec(
        "KEY=NUMBER", .atLeast(1), help: "A metric and its value; `step=N` is the step of all of them")
    private static let step = OptionSpec.value(
        "step", .text("N"), help: "The step; without it, the one after the last of each metric")

    static let spec = CommandSpec(
        "log metric", "Add a point to metrics of a run", in: .logging, arguments: [values],
        options: [step, LogArguments.run, LogArguments.server],
        discussion: [
            "Inside a stage of `repro run` the point belongs to that stage. Outside, begin a run with `repro log start`. "
                + "Any number of processes may log to one run at once. `nan`, `inf` and `-inf` are numbers, too."
        ],
        examples: [
            CommandExample("repro log metric loss=0.3 acc=0.91 step=4", "Two metrics at a step"),
            CommandExample("repro log metric seconds=12", "At the next step"),
        ], exits: LogArguments.exits)

    static func run(_ call: Invocation) throws -> ExitStatus {
        var number = try call.arguments.value(of: step).map { try LogArguments.wholeNumber($0, "option --step") }
        var metrics: [(key: String, value: Double)] = []
        for (key, text) in try LogArguments.pairs(call.arguments.values(of: values)) {
            if key == "step" {
                if number != nil { throw UsageError.unusable("the step is given twice", hint: nil) }
                number = try LogArguments.wholeNumber(text, "step")
            } else {
                guard let value = Double(text) else {
                    throw UsageError.unusable("\(key)=\(text): \(text) is not a number", hint: nil)
                }
                metrics.append((key, value))
            }
        }
        if metrics.isEmpty { throw UsageError.unusable("no metric is given, only the step", hint: nil) }
        return LogArguments.show(try LogArguments.open(call).log(metrics: metrics, step: number), call)
    }
}
