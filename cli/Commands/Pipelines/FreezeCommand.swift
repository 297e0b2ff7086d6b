import JSON
import Operations
import Pipelines

/// `repro freeze`
enum FreezeCommand: Command {
    private static let stages = ArgumentSpec(
        "STAGE", .atLeast(1), completes: .stages, help: "A stage that stands in the file under its own name")

    static let spec = CommandSpec(
        "freeze", "Mark stages as frozen: they never run", in: .pipeline, arguments: [stages],
        discussion: [
            "Writes `frozen: true`: the outs are taken as they are, whatever changes above them. Comments and order stay."
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let changed = try freezeStages(call.arguments.values(of: stages), .freeze, in: call.surroundings)
        if call.printsJSON {
            call.output.json(.object(["changed": JSONValue(changed.map(\.text))]))
        } else if changed.isEmpty {
            call.note("nothing to do: each was frozen already")
        } else if !call.isQuiet {
            call.output.line("frozen: \(changed.map { printable($0.text) }.joined(separator: ", "))")
        }
        return .done
    }
}
