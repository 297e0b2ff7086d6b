import Diagnostics
import Files
import JSON
import ReproLogging

/// `repro log stdin`
enum LogStdinCommand: Command {
    private static let experiment = OptionSpec.value(
        "experiment", .text("NAME", completes: .experiments), help: "The experiment of a run that is begun here")
    private static let name = OptionSpec.value("name", .text("NAME"), help: "The name of a run that is begun here")
    private static let tee = OptionSpec.flag("tee", help: "Also print each line, for the next program")

    static let spec = CommandSpec(
        "log stdin", "Log lines of JSON as they come", in: .logging,
        options: [LogArguments.run, LogArguments.server, experiment, name, tee],
        discussion: [
            "Each line is an object: `step` is the step of all numbers in it, `params` and `tags` are objects, `note` is a "
                + "text, and every other key is a metric; an object in it stands for metrics with dotted names. NaN and "
                + "Infinity are numbers. What comes is in the run a moment later.",
            "Without a run, named or in the environment, one is begun, and finished at the end of the input. A line that "
                + "cannot be read is named, and the others are logged.",
        ],
        examples: [
            CommandExample("python3 train.py | repro log stdin --experiment digits", "A run of its own"),
            CommandExample("echo '{\"loss\": 0.3, \"step\": 4}' | repro log stdin", "Inside a stage"),
        ], exits: LogArguments.exits + [CommandExit(.invalidInput, "A line could not be read; the others were logged")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let log = try LineLog(
            run: call.arguments.value(of: LogArguments.run), experiment: call.arguments.value(of: experiment),
            name: call.arguments.value(of: name), server: call.arguments.value(of: LogArguments.server),
            in: LogArguments.context(call))
        let isTee = call.arguments.has(tee)
        var reader = LineReader()
        var lines = 0
        var mistakes = 0
        while let line = reader.next() {
            lines += 1
            if isTee {
                call.output.write(bytes: line + [10])
                call.output.flush()
            }
            do {
                try log.log(line, number: lines)
            } catch let error as LineLogError {
                mistakes += 1
                call.warn(error)
                call.errors.flush()
            }
        }
        let problems = log.finish()
        for problem in problems { call.note(problem) }
        if call.printsJSON, !isTee {
            call.output.json(
                .object([
                    "run": .string(log.runID), "name": .string(log.runName), "lines": .integer(Int64(lines)),
                    "mistakes": .integer(Int64(mistakes)), "problems": JSONValue(problems),
                ]))
        }
        return mistakes == 0 ? .done : .found(.invalidInput)
    }
}
