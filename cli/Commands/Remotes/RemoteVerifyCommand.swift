import Diagnostics
import JSON
import Operations
import Remotes

/// `repro remote verify`
enum RemoteVerifyCommand: Command {
    private static let sample = OptionSpec.value(
        "sample", .count("N"), help: "Read only every N-th pack; all if not given")

    static let spec = CommandSpec(
        "remote verify", "Read what a remote holds again, and check every chunk", in: .remotes,
        arguments: [RemoteArguments.optionalName], options: [sample, RemoteArguments.jobs],
        discussion: ["Downloads what it reads. Each pack that is damaged or gone is named."],
        exits: [
            CommandExit(.corrupt, "Something is damaged"), CommandExit(.unavailable, "The remote cannot be reached"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let step = call.arguments.value(of: sample).flatMap { Int($0) } ?? 1
        let jobs = call.arguments.value(of: RemoteArguments.jobs).flatMap { Int($0) }
        let name = call.arguments.value(of: RemoteArguments.optionalName)
        let report = try withTransfer(call) { cancellation, monitor in
            try verifyRemote(
                name, everyNth: step, jobs: jobs, in: call.surroundings, cancellation: cancellation, monitor: monitor)
        }
        if call.printsJSON {
            call.output.json(json(report))
        } else {
            describe(report, call)
        }
        return report.isWhole ? .done : .found(.corrupt)
    }

    private static func describe(_ report: VerifyRemoteReport, _ call: Invocation) {
        let output = call.output
        for damaged in report.damaged {
            let count = Formats.count(damaged.chunkCount, "chunk")
            output.line(output.paint("damaged", .bad) + "  \(damaged.pack) (\(count)): \(damaged.problem)")
        }
        if report.incompleteObjects > 0 {
            let count = Formats.count(report.incompleteObjects, "object")
            output.line(output.paint("missing", .bad) + "  \(count) listed with chunks that are not")
        }
        let packs = Formats.count(report.packCount, "pack")
        let words = report.isWhole ? ": all are whole" : ""
        if !call.isQuiet { output.line("\(packs), \(Formats.bytes(report.packBytes))\(words)") }
    }

    private static func json(_ report: VerifyRemoteReport) -> JSONValue {
        .object([
            "packs": .integer(Int64(report.packCount)), "chunks": .integer(Int64(report.chunkCount)),
            "packBytes": .integer(Int64(clamping: report.packBytes)),
            "incompleteObjects": .integer(Int64(report.incompleteObjects)),
            "damaged": .array(
                report.damaged.map { damaged in
                    .object([
                        "pack": .string(damaged.pack), "problem": .string(damaged.problem),
                        "chunks": .integer(Int64(damaged.chunkCount)),
                    ])
                }),
        ])
    }
}
