import Diagnostics
import Experiments
import JSON
import Operations
import Pipelines

/// `repro why`
enum WhyCommand: Command {
    private static let stage = ArgumentSpec("STAGE", completes: .stages, help: "The stage to explain")

    static let spec = CommandSpec(
        "why", "Explain why a stage would run, and why it last did", in: .pipeline, arguments: [stage],
        discussion: [
            "The reasons are the ones that decide: what is not named here cannot make the stage run."
        ],
        examples: [CommandExample("repro why train", "")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let report = try explainStage(call.arguments.value(of: stage) ?? "", in: call.surroundings)
        if call.printsJSON {
            call.output.json(json(report))
        } else {
            explain(report, call)
        }
        return .done
    }

    private static func explain(_ report: ExplainStageReport, _ call: Invocation) {
        let output = call.output
        let (_, style) = report.step.action.words
        let name = printable(report.step.stage.name.text)
        output.line(output.paint(name, .strong) + " " + output.paint(verdict(report.step.action), style))
        for reason in report.step.action.reasons { output.line("  \(printable(reason.description))") }
        guard let (run, execution) = report.last else {
            output.line("no run has recorded it yet")
            return
        }
        let age = Formats.age(of: execution.startedAt ?? run.startedAt, at: call.clock.now())
        let duration = execution.durationMilliseconds.map { " in \(Formats.duration(milliseconds: $0))" } ?? ""
        output.line()
        output.line(
            "it last " + output.paint(past(execution.state) + duration, execution.state.words.1)
                + ", \(age), in run \(printable(run.name)) (\(run.id.short)):")
        for reason in execution.reasons { output.line("  \(printable(reason))") }
        if let failure = execution.failure { output.line("  \(printable(failure))") }
    }

    private static func verdict(_ action: PipelinePlan.Action) -> String {
        switch action {
        case .skip: "is up to date"
        case .frozen: "is frozen: it never runs"
        case .restore: "would be restored from the store:"
        case .run: "would run:"
        case .waits: "may run:"
        }
    }

    private static func past(_ state: StageState) -> String {
        state == .cached ? "was restored" : state.words.0
    }

    private static func json(_ report: ExplainStageReport) -> JSONValue {
        let (action, _) = report.step.action.words
        let last = report.last.map { last in
            JSONValue.object(["run": JSONValue(last.run), "execution": JSONValue(last.execution)])
        }
        return .object([
            "stage": .string(report.step.stage.name.text), "action": .string(action),
            "reasons": JSONValue(report.step.action.reasons.map(\.description)), "last": last ?? .null,
        ])
    }
}
