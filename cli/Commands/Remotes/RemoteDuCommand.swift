import JSON
import Operations
import Remotes

/// `repro remote du`
enum RemoteDuCommand: Command {
    static let spec = CommandSpec(
        "remote du", "Show how much a remote holds", in: .remotes, arguments: [RemoteArguments.optionalName])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let monitor = ProgressMonitor(call)
        let report: MeasureRemoteReport
        do {
            defer { monitor.finish() }
            report = try measureRemote(
                call.arguments.value(of: RemoteArguments.optionalName), in: call.surroundings, monitor: monitor)
        }
        let summary = report.summary
        if call.printsJSON {
            call.output.json(
                .object([
                    "name": .string(report.name), "label": .string(report.label),
                    "objects": .integer(Int64(summary.objectCount)), "chunks": .integer(Int64(summary.chunkCount)),
                    "packs": .integer(Int64(summary.packCount)),
                    "packBytes": .integer(Int64(clamping: summary.packBytes)),
                    "records": .integer(Int64(summary.recordCount)),
                ]))
            return .done
        }
        call.output.line("\(printable(report.label)): \(Formats.bytes(summary.packBytes))")
        call.output.line(
            "  \(Formats.count(summary.objectCount, "object")) in \(Formats.count(summary.packCount, "pack")), "
                + "\(Formats.count(summary.recordCount, "record"))")
        return .done
    }
}
