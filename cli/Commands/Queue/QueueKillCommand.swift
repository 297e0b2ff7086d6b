import Experiments
import JSON
import Operations

/// `repro queue kill`
enum QueueKillCommand: Command {
    private static let runs = ArgumentSpec("RUN", .any, completes: .runs, help: "Names or ids of queued runs")
    private static let all = OptionSpec.flag("all", short: "a", help: "Every run of the queue")

    static let spec = CommandSpec(
        "queue kill", "Stop queued runs that are being worked on", in: .runs, arguments: [runs], options: [all],
        discussion: ["They count as interrupted, and leave the queue; the other runs go on."])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let named = call.arguments.values(of: runs)
        if named.isEmpty, !call.arguments.has(all) {
            throw UsageError.unusable("no run is named", hint: "name runs, or pass --all")
        }
        let found = try stopQueuedRuns(call.arguments.has(all) ? .all : .named(named), in: call.surroundings)
        if call.printsJSON {
            call.output.json(.object(["runs": .array(found.map { JSONValue($0) })]))
        } else if found.isEmpty {
            call.note("none of them is being worked on")
        } else if !call.isQuiet {
            call.output.line("stopping \(found.map { printable($0.name) }.joined(separator: ", "))")
        }
        return .done
    }
}
