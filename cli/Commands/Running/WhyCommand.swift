import Diagnostics
import Experiments
import JSON
import Operations
import Pipelines

/// `repro why`
enum WhyCommand: Command {
    private static let stage = ArgumentSpec("STAGE", completes: .stages, help: "The stage to explain")

    private static let run = OptionSpec.value(
        "run", .text("RUN", completes: .runs), help: "Why the stage ran, or did not, in this run")

    static let spec = CommandSpec(
        "why", "Explain why a stage would run, and why it last did", in: .pipeline, arguments: [stage],
        options: [run],
        discussion: [
            "The reasons are the ones that decide: what is not named here cannot make the stage run."
        ],
        examples: [
            CommandExample("repro why train", "Now"), CommandExample("repro why train --run run6", "In that run"),
        ],
        exits: [CommandExit(.notFound, "There is no such stage or run")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        if let reference = call.arguments.value(of: run) {
            let (run, execution) = try explainExecution(
                of: call.arguments.value(of: stage) ?? "", in: reference, call.surroundings)
            if call.printsJSON {
                call.output.json(.object(["run": JSONValue(run), "execution": JSONValue(execution)]))
            } else {
                explain(execution, in: run, call)
            }
            return .done
        }
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

    private static func explain(_ execution: StageExecution, in run: Run, _ call: Invocation) {
        let output = call.output
        let duration = execution.durationMilliseconds.map { " in \(Formats.duration(milliseconds: $0))" } ?? ""
        let (_, style) = execution.state.words
        output.line(
            output.paint(printable(execution.stage), .strong) + " "
                + output.paint(past(execution.state) + (execution.state == .ran ? duration : ""), style)
                + " in run \(printable(run.name)) (\(run.id.short))"
                + (execution.reasons.isEmpty ? "" : ":"))
        for reason in execution.reasons { output.line("  \(printable(reason))") }
        if execution.state == .skipped { output.line("  its inputs and outs were what the lock file said") }
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
