import Files
import JSON
import Operations

/// `repro init`
enum InitCommand: Command {
    static let spec = CommandSpec(
        "init", "Make the folder a project", in: .start,
        discussion: [
            "Makes `.repro/` with its settings, in a Git repository or a plain folder. A folder that is a project "
                + "already stays as it is. The pipeline is described in `repro.yaml`; a `dvc.yaml` is understood too."
        ],
        examples: [
            CommandExample("repro init", "Here"),
            CommandExample("repro -C project init", "In the folder project"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let report = try initProject(in: call.surroundings)
        if call.printsJSON {
            call.output.json(json(report))
        } else if !call.isQuiet {
            describe(report, on: call.output)
        }
        return .done
    }

    private static func describe(_ report: InitProjectReport, on output: TextStream) {
        output.line(report.wasCreated ? "made a project of \(report.root)" : "\(report.root) is a project already")
        if report.repository == nil {
            output.line("it is in no Git repository: runs will not know which version of the code they used")
        }
        let next =
            report.pipelineFile.map { "`repro run` runs the pipeline of \($0)" }
            ?? "write repro.yaml (see `repro help pipeline`), then `repro run`"
        output.line(output.paint("next:", .notice) + " " + next)
    }

    private static func json(_ report: InitProjectReport) -> JSONValue {
        .object([
            "root": .string(report.root.description), "wasCreated": .bool(report.wasCreated),
            "repository": JSONValue(report.repository?.description), "pipelineFile": JSONValue(report.pipelineFile),
        ])
    }
}
