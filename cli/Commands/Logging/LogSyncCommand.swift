import Diagnostics
import Files
import JSON
import ReproLogging

/// `repro log sync`
enum LogSyncCommand: Command {
    static let spec = CommandSpec(
        "log sync", "Send what was logged while the server was away", in: .logging,
        discussion: [
            "Programs that log to a server keep on disk what they cannot send, in .repro/spool or, outside a project, in "
                + "~/.local/state/repro/spool, or where REPRO_SPOOL says. To send something twice is harmless."
        ],
        exits: [CommandExit(.unavailable, "Something could not be sent, and is still kept")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let report = try SpoolSync(LogArguments.context(call)).send()
        if call.printsJSON {
            call.output.json(
                .object([
                    "sent": JSONValue(report.sent.map(\.description)),
                    "busy": JSONValue(report.busy.map(\.description)),
                    "left": JSONValue(report.left.map(\.folder.description)),
                    "refused": JSONValue(report.refused),
                ]))
        } else if !call.isQuiet {
            let count = report.sent.count
            call.output.line(
                count == 0 && report.left.isEmpty ? "nothing to send" : "sent \(count) \(count == 1 ? "run" : "runs")")
        }
        for folder in report.busy { call.note("\(folder) is written by a program that goes on") }
        for problem in report.refused { call.note(problem) }
        for (_, cause) in report.left { call.warn(cause) }
        return report.left.first.map { .found($0.because.kind == .denied ? .denied : .unavailable) } ?? .done
    }
}
