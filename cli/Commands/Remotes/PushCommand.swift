import Diagnostics
import JSON
import Operations
import Remotes
import Threads

/// `repro push`
enum PushCommand: Command {
    static let spec = CommandSpec(
        "push", "Send outs, the run cache and runs to a remote", in: .remotes, arguments: [RemoteArguments.targets],
        options: [RemoteArguments.remote, RemoteArguments.jobs, RemoteArguments.limitRate, RemoteArguments.dryRun]
            + RemoteArguments.selection,
        discussion: [
            "Sends what repro.lock names and the remote does not have, and, without targets, the runs that are over: who "
                + "fetches sees them, with params, metrics and logs. Of a large file that has changed only the parts "
                + "that are new are sent. A push that was cut off goes on where it was."
        ],
        examples: [
            CommandExample("repro push", ""), CommandExample("repro push --dry-run", "what would be sent"),
            CommandExample("repro push train -r backup", "the outs of one stage, to another remote"),
            CommandExample("repro push run6", "one run, with all that it made"),
            CommandExample("repro push --all-branches --all-tags", ""),
        ],
        exits: [
            CommandExit(.corrupt, "Some objects are missing or damaged in the store; the rest was sent"),
            CommandExit(.unavailable, "The remote cannot be reached"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var options = PushOptions()
        options.remote = call.arguments.value(of: RemoteArguments.remote)
        options.selection = RemoteArguments.selection(call)
        options.jobs = call.arguments.value(of: RemoteArguments.jobs).flatMap { Int($0) }
        options.bytesPerSecond = try RemoteArguments.rate(call)
        options.isDryRun = call.arguments.has(RemoteArguments.dryRun)
        let report = try withTransfer(call) { cancellation, monitor in
            try pushToRemote(options, in: call.surroundings, cancellation: cancellation, monitor: monitor)
        }
        if call.printsJSON {
            call.output.json(json(report))
        } else if !call.isQuiet {
            describe(report, call.output)
        }
        return .done
    }

    private static func describe(_ report: PushReport, _ output: TextStream) {
        let remote = printable(report.remote)
        if let transfer = report.transfer {
            let words = report.plan.isEmpty ? "everything is there already" : "sent \(TransferText.line(transfer))"
            output.line("\(remote): \(words)")
            if report.runCount > 0 {
                output.line("  \(Formats.count(report.runCount, "run")) with all that was logged")
            }
            for words in report.notHere { output.line("  neither here nor there: \(printable(words))") }
            return
        }
        let missing = Formats.count(report.plan.missing.count, "object")
        output.line("\(remote): would send \(missing), \(Formats.bytes(report.plan.missingBytes)) before compression")
        output.line("  \(Formats.count(report.plan.presentCount, "object")) there already")
    }

    private static func json(_ report: PushReport) -> JSONValue {
        .object([
            "remote": .string(report.remote),
            "missing": .integer(Int64(report.plan.missing.count)),
            "missingBytes": .integer(Int64(clamping: report.plan.missingBytes)),
            "present": .integer(Int64(report.plan.presentCount)),
            "runs": .integer(Int64(report.runCount)), "notHere": JSONValue(report.notHere),
            "transfer": report.transfer.map(TransferText.json) ?? .null,
        ])
    }
}
