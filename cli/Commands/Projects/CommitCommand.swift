import Diagnostics
import JSON
import Operations
import Pipelines

/// `repro commit`
enum CommitCommand: Command {
    private static let stages = ArgumentSpec(
        "STAGE", .any, completes: .stages, help: "These stages and what they need; all if none is named")
    private static let single = OptionSpec.flag("single", short: "s", help: "Only the stages named")

    static let spec = CommandSpec(
        "commit", "Record the workspace as it is, without running anything", in: .pipeline, arguments: [stages],
        options: [single],
        discussion: [
            "For work done by hand, or a change that you know makes no difference: deps and outs as they are now go "
                + "into the lock file, the store and the run cache, as if the stages had just run. It is you who vouches "
                + "for it."
        ],
        exits: [CommandExit(.invalidInput, "A dep, a param or an out is missing; nothing was recorded")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let report = try commitStages(
            call.arguments.values(of: stages), call.arguments.has(single) ? .alone : .withUpstream,
            in: call.surroundings)
        let changed = report.entries.filter(\.changed)
        if call.printsJSON {
            call.output.json(
                .object([
                    "stages": .array(
                        report.entries.map { entry in
                            .object([
                                "stage": .string(entry.stage.text), "changed": .bool(entry.changed),
                                "outs": .array(entry.outputs.map { JSONValue($0) }),
                            ])
                        })
                ]))
        } else if changed.isEmpty {
            call.note("nothing to record: everything is up to date")
        } else if !call.isQuiet {
            for entry in changed { call.output.line("recorded \(printable(entry.stage.text))") }
        }
        return .done
    }
}
