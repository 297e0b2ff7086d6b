import Diagnostics
import Files
import JSON
import Operations
import Pipelines
import Remotes

/// `repro fetch`
enum FetchCommand: Command {
    static let spec = CommandSpec(
        "fetch", "Bring outs, the run cache and runs from a remote", in: .remotes,
        arguments: [RemoteArguments.targets],
        options: [RemoteArguments.remote, RemoteArguments.jobs, RemoteArguments.limitRate, RemoteArguments.dryRun]
            + RemoteArguments.selection,
        discussion: [
            "Brings what repro.lock names and the store lacks; the workspace stays as it is, and `repro run` then takes "
                + "what others have run from the run cache. Everything is checked against the SHA-256 in repro.lock."
        ],
        examples: [
            CommandExample("repro fetch", ""),
            CommandExample("repro fetch data/raw/2024", "a part of a tracked folder"),
            CommandExample("repro fetch --rev v1.0", "also what the tag v1.0 records"),
            CommandExample("repro fetch wider", "a colleague's run of that name, with its outs"),
        ],
        exits: [
            CommandExit(.corrupt, "Some objects are not there or are damaged; the rest was fetched"),
            CommandExit(.unavailable, "The remote cannot be reached"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let report = try withTransfer(call) { cancellation, monitor in
            try fetchFromRemote(
                try FetchText.options(call), in: call.surroundings, cancellation: cancellation, monitor: monitor)
        }
        FetchText.show(report, of: call)
        return .done
    }
}

/// What `fetch` and `pull` have in common.
enum FetchText {
    static func options(_ call: Invocation) throws -> FetchOptions {
        var options = FetchOptions()
        options.remote = call.arguments.value(of: RemoteArguments.remote)
        options.selection = RemoteArguments.selection(call)
        options.jobs = call.arguments.value(of: RemoteArguments.jobs).flatMap { Int($0) }
        options.bytesPerSecond = try RemoteArguments.rate(call)
        options.isDryRun = call.arguments.has(RemoteArguments.dryRun)
        return options
    }

    static func show(_ report: FetchReport, of call: Invocation) {
        if call.printsJSON {
            call.output.json(json(report))
        } else if !call.isQuiet {
            describe(report, call.output)
        }
    }

    private static func describe(_ report: FetchReport, _ output: TextStream) {
        let remote = printable(report.remote)
        if let plan = report.plan {
            let objects = Formats.count(plan.objects.count, "object")
            output.line(
                "\(remote): would fetch \(objects), \(Formats.bytes(plan.objectBytes)), as "
                    + "\(Formats.bytes(plan.networkBytes)) on the network")
            if !plan.unavailable.isEmpty {
                output.line("  \(Formats.count(plan.unavailable.count, "object")) not there")
            }
        }
        if let objects = report.dvcObjects {
            output.line("\(remote): would fetch \(Formats.count(objects.count, "object")) of DVC, and what they list")
        }
        if let transfer = report.transfer {
            let words = transfer.objects == 0 ? "everything is here already" : "fetched \(TransferText.line(transfer))"
            output.line("\(remote): \(words)")
        }
        if report.newCacheEntries > 0 {
            output.line("  \(report.newCacheEntries) new in the run cache")
        }
        if report.newRuns > 0 { output.line("  \(Formats.count(report.newRuns, "run")) of others, see `repro runs`") }
        for path in report.placed { output.line("  \(printable(path.description))") }
    }

    private static func json(_ report: FetchReport) -> JSONValue {
        var object: JSONObject = ["remote": .string(report.remote)]
        if let plan = report.plan {
            object["missing"] = .integer(Int64(plan.objects.count))
            object["missingBytes"] = .integer(Int64(clamping: plan.objectBytes))
            object["unavailable"] = .integer(Int64(plan.unavailable.count))
        }
        if let objects = report.dvcObjects { object["missing"] = .integer(Int64(objects.count)) }
        object["transfer"] = report.transfer.map(TransferText.json) ?? .null
        object["newCacheEntries"] = .integer(Int64(report.newCacheEntries))
        object["newRuns"] = .integer(Int64(report.newRuns))
        object["placed"] = JSONValue(report.placed.map(\.description))
        return .object(object)
    }
}
