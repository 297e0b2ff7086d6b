import Diagnostics
import Experiments
import JSON
import Operations
import Processes
import Threads

/// `repro logs`
enum LogsCommand: Command {
    private static let run = ArgumentSpec("RUN", completes: .runs, help: "The name or id of a run, or `last`")
    private static let stage = ArgumentSpec("STAGE", completes: .stages, help: "A stage of the run")

    private static let follow = OptionSpec.flag(
        "follow", short: "f", help: "Print what the stage writes as it comes, until it is done")

    static let spec = CommandSpec(
        "logs", "Print what a stage wrote in a run", in: .runs, arguments: [run, stage],
        options: [follow, ServerArgument.server],
        discussion: [
            "Both streams, in the order in which they came. For a stage that was skipped or restored, what it wrote when "
                + "its commands last ran; for one that runs now, what it has written so far."
        ],
        examples: [
            CommandExample("repro logs last train", ""),
            CommandExample("repro logs last train --follow", "What it writes now, and will"),
        ],
        exits: [CommandExit(.notFound, "There is no such run, or no such stage in it, or it has no log")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        if call.arguments.has(follow) {
            if call.printsJSON { throw UsageError.contradiction("--follow", "--json") }
            if call.arguments.has(ServerArgument.server) { throw UsageError.contradiction("--follow", "--server") }
            let isOver = try followToEnd(call)
            if isOver { return .done }
        }
        let report = try readStageLog(
            run: call.arguments.value(of: run) ?? "", stage: call.arguments.value(of: stage) ?? "",
            in: call.surroundingsWithServer)
        if call.printsJSON {
            call.output.json(
                .object([
                    "run": JSONValue(report.run), "stage": JSONValue(report.stage),
                    "writtenBy": report.writtenBy.map { JSONValue($0) } ?? .null,
                    "text": .string(String(decoding: report.bytes, as: UTF8.self)),
                ]))
            return .done
        }
        if let writer = report.writtenBy {
            call.note(
                "stage \(report.stage.stage) was \(report.stage.state.words.0) in this run; "
                    + "this is what it wrote in run \(writer.name)")
        }
        call.output.write(bytes: report.bytes)
        if let last = report.bytes.last, last != UInt8(ascii: "\n"), call.output.isTerminal { call.output.line() }
        return .done
    }

    /// False if the stage wrote nothing in this run, as one that was skipped: then there is an older log to print.
    private static func followToEnd(_ call: Invocation) throws -> Bool {
        let cancellation = Cancellation()
        // Before the first thread: each inherits which signals are blocked.
        let signals = SignalWatcher { _ in cancellation.cancel() }
        defer { withExtendedLifetime(signals) {} }
        let ended = try followStageLog(
            run: call.arguments.value(of: run) ?? "", stage: call.arguments.value(of: stage) ?? "",
            in: call.surroundings, cancellation: cancellation
        ) { bytes in
            call.output.write(bytes: bytes)
            call.output.flush()
        }
        if cancellation.isCancelled { return true }
        switch ended.state {
        case .skipped, .cached: return false
        default:
            call.note("stage \(ended.stage): \(ended.state.words.0)")
            return true
        }
    }
}
