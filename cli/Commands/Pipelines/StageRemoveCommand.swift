import Diagnostics
import Files
import JSON
import Operations
import Pipelines

/// `repro stage remove`
enum StageRemoveCommand: Command {
    private static let stages = ArgumentSpec(
        "STAGE", .atLeast(1), completes: .stages, help: "A stage, or a group that foreach or matrix makes")

    static let spec = CommandSpec(
        "stage remove", "Take stages out of the pipeline file and the lock file", in: .pipeline, arguments: [stages],
        discussion: ["Comments and order of the rest stay, and so do the files that the stages made."],
        exits: [CommandExit(.invalidInput, "There is no such stage; nothing was changed")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let report = try removeStages(call.arguments.values(of: stages), in: call.surroundings)
        if call.printsJSON {
            call.output.json(.object(["removed": JSONValue(report.stages.map(\.text))]))
        } else if !call.isQuiet {
            let files = report.files.map(\.description).joined(separator: ", ")
            call.output.line(
                "removed \(report.stages.map { printable($0.text) }.joined(separator: ", ")) from \(files)")
        }
        return .done
    }
}
