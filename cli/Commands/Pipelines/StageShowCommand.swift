import Diagnostics
import Files
import JSON
import Operations
import Pipelines

/// `repro stage show`
enum StageShowCommand: Command {
    private static let stage = ArgumentSpec("STAGE", completes: .stages, help: "The stage to show")

    static let spec = CommandSpec(
        "stage show", "Show one stage after templating", in: .pipeline, arguments: [stage],
        examples: [CommandExample("repro stage show train@cnn-1", "What its template has become")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let report = try showStage(call.arguments.value(of: stage) ?? "", in: call.surroundings)
        if call.printsJSON {
            call.output.json(json(report))
        } else {
            show(report, call.output)
        }
        return .done
    }

    private static func show(_ report: ShowStageReport, _ output: TextStream) {
        let stage = report.stage
        output.line(output.paint(printable(stage.name.text), .strong) + " (\(stage.location))")
        var table = Table([.init(""), .init("", shrinksTo: 20)])
        func add(_ name: String, _ values: [String]) {
            for (index, value) in values.enumerated() {
                table.add([.init(index == 0 ? name : "", .faint), .init(value)])
            }
        }
        add("desc", stage.summary.map { [$0] } ?? [])
        add("cmd", stage.commands)
        add("wdir", stage.workingDirectory.isRoot ? [] : [stage.workingDirectory.description])
        add("deps", stage.dependencies.map(\.path.description) + stage.externalDependencies.map(\.text))
        add("params", (report.params ?? []).map { "\($0.name) = \(Formats.value($0.value))" })
        add("outs", stage.outputs.map(text) + stage.externalOutputs.map(\.text))
        add("options", options(stage))
        add("waits for", report.upstream.map(\.text))
        add("then", report.downstream.map(\.text))
        output.table(table)
    }

    private static func text(_ output: Output) -> String {
        let marks = [
            output.role == .output ? nil : output.role.rawValue, output.isCached ? nil : "not cached",
            output.persists ? "persists" : nil, output.isPushed ? nil : "not pushed",
        ].compactMap { $0 }
        return output.path.description + (marks.isEmpty ? "" : " (\(marks.joined(separator: ", ")))")
    }

    private static func options(_ stage: Stage) -> [String] {
        [
            stage.isFrozen ? "frozen" : nil, stage.alwaysChanged ? "always_changed" : nil,
            stage.isDeterministic ? nil : "not deterministic",
            stage.timeout.map { "timeout \(Formats.duration(milliseconds: Formats.milliseconds($0)))" },
            stage.retries > 0 ? "retries \(stage.retries)" : nil,
        ].compactMap { $0 }
    }

    private static func json(_ report: ShowStageReport) -> JSONValue {
        guard case .object(var object) = JSONValue(report.stage) else { return .null }
        object["waitsFor"] = JSONValue(report.upstream.map(\.text))
        object["then"] = JSONValue(report.downstream.map(\.text))
        var values = JSONObject()
        for (name, value) in report.params ?? [] { values[name] = value }
        object["paramValues"] = report.params == nil ? .null : .object(values)
        return .object(object)
    }
}
