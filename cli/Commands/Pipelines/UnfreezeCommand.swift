import JSON
import Operations
import Pipelines

/// `repro unfreeze`
enum UnfreezeCommand: Command {
    private static let stages = ArgumentSpec(
        "STAGE", .atLeast(1), completes: .stages, help: "A stage that stands in the file under its own name")

    static let spec = CommandSpec(
        "unfreeze", "Let frozen stages run again", in: .pipeline, arguments: [stages],
        discussion: ["Takes `frozen: true` away. Comments and order stay."])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let changed = try freezeStages(call.arguments.values(of: stages), .unfreeze, in: call.surroundings)
        if call.printsJSON {
            call.output.json(.object(["changed": JSONValue(changed.map(\.text))]))
        } else if changed.isEmpty {
            call.note("nothing to do: each was not frozen")
        } else if !call.isQuiet {
            call.output.line("not frozen any more: \(changed.map { printable($0.text) }.joined(separator: ", "))")
        }
        return .done
    }
}
