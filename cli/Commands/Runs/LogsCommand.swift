import Diagnostics
import Experiments
import JSON
import Operations

/// `repro logs`
enum LogsCommand: Command {
    private static let run = ArgumentSpec("RUN", completes: .runs, help: "The name or id of a run, or `last`")
    private static let stage = ArgumentSpec("STAGE", completes: .stages, help: "A stage of the run")

    static let spec = CommandSpec(
        "logs", "Print what a stage wrote in a run", in: .runs, arguments: [run, stage],
        discussion: [
            "Both streams, in the order in which they came. For a stage that was skipped or restored, what it wrote when "
                + "its commands last ran; for one that runs now, what it has written so far."
        ],
        examples: [CommandExample("repro logs last train", "")],
        exits: [CommandExit(.notFound, "There is no such run, or no such stage in it, or it has no log")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let report = try readStageLog(
            run: call.arguments.value(of: run) ?? "", stage: call.arguments.value(of: stage) ?? "",
            in: call.surroundings)
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
}
