import Diagnostics
import Experiments
import Files
import JSON
import ReproLogging

/// What the commands of `repro log` share.
enum LogArguments {
    static let run = OptionSpec.value(
        "run", .text("RUN", completes: .runs),
        help: "The id or name of the run; without it the one of REPRO_RUN_ID, which is set inside a stage")
    static let server = OptionSpec.value(
        "server", .text("URL"), help: "Log to this server; without it REPRO_TRACKING_URL, else this project")

    static let exits = [
        CommandExit(.notFound, "There is no such run"), CommandExit(.denied, "The server does not know the token"),
    ]

    static func context(_ call: Invocation) -> RunContext {
        RunContext(
            environment: call.environment, workingDirectory: call.workingDirectory, commandLine: call.commandLine,
            clock: call.clock)
    }

    static func open(_ call: Invocation) throws -> ShellLog {
        try ShellLog(
            run: call.arguments.value(of: run), server: call.arguments.value(of: server), in: context(call))
    }

    /// Says what became of a message. Quiet if all is well: scripts log a lot.
    static func show(_ report: ShellLog.Report, _ call: Invocation) -> ExitStatus {
        for refusal in report.refusals { call.warn(LogRefused(what: refusal.what, reason: refusal.reason)) }
        if let (folder, cause) = report.spooled {
            call.note("\(cause.message); kept at \(folder), and sent by `repro log sync`")
        }
        if call.printsJSON {
            call.output.json(
                .object([
                    "run": .string(report.run.text), "name": .string(report.runName),
                    "refused": .array(
                        report.refusals.map { .object(["what": .string($0.what), "reason": .string($0.reason)]) }),
                    "spooledTo": JSONValue(report.spooled?.folder.description),
                ]))
        }
        return report.refusals.isEmpty ? .done : .found(.conflict)
    }

    /// `key=value`, cut at the first sign.
    static func pairs(_ words: [String]) throws -> [(key: String, value: String)] {
        try words.map { word in
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw UsageError.unusable("\(word) is not of the form key=value", hint: nil)
            }
            return (String(parts[0]), String(parts[1]))
        }
    }

    static func wholeNumber(_ text: String, _ what: String) throws -> Int64 {
        guard let number = Int64(text) else {
            throw UsageError.unusable("\(what): \(text) is not a whole number", hint: nil)
        }
        return number
    }
}

/// Something was not logged; the rest was.
private struct LogRefused: UserFacingError {
    let what: String
    let reason: String

    var kind: ErrorKind { .conflict }
    var message: String { "\(what) was not logged: \(reason)" }
}
