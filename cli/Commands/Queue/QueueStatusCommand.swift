import Experiments
import JSON
import Operations

/// `repro queue status`
enum QueueStatusCommand: Command {
    static let spec = CommandSpec(
        "queue status", "Show the runs that wait or are being worked on", in: .runs,
        discussion: ["The next one first. Runs that are over are in `repro runs`."])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let runs = try showQueue(in: call.surroundings)
        if call.printsJSON {
            call.output.json(.object(["runs": .array(runs.map(json))]))
        } else if runs.isEmpty {
            call.note("nothing is queued; `repro run --queue` does")
        } else {
            var table = Table([.init("run"), .init("id"), .init(""), .init("stage"), .init("params", shrinksTo: 20)])
            for queued in runs {
                let (word, style) = queued.run.status.words
                let progress =
                    queued.stageCount == 0 ? "" : " \(queued.doneCount)/\(queued.stageCount)"
                table.add([
                    .init(queued.run.name), .init(queued.run.id.short, .faint), .init(word + progress, style),
                    .init(queued.runningStages.joined(separator: ", ")),
                    .init(queued.overrides.joined(separator: " "), .faint),
                ])
            }
            call.output.table(table)
        }
        return .done
    }

    private static func json(_ queued: QueuedRun) -> JSONValue {
        .object([
            "run": JSONValue(queued.run), "overrides": JSONValue(queued.overrides),
            "queuedAt": JSONValue(queued.queuedAt), "runningStages": JSONValue(queued.runningStages),
            "doneCount": .integer(Int64(queued.doneCount)), "stageCount": .integer(Int64(queued.stageCount)),
        ])
    }
}
