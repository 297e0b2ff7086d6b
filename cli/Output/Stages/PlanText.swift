import JSON
import Pipelines

/// What a run would do, for `repro status` and `repro run --dry-run`.
enum PlanText {
    /// Reasons shown for one stage; `repro why` shows all.
    private static let reasonLimit = 3

    static func show(_ plan: PipelinePlan, of call: Invocation) {
        if call.printsJSON {
            call.output.json(JSONValue(plan))
            return
        }
        if !call.isQuiet || !plan.isUpToDate {
            call.output.table(table(plan))
            call.output.line()
        }
        if !call.isQuiet { call.output.line(conclusion(plan)) }
    }

    private static func table(_ plan: PipelinePlan) -> Table {
        var table = Table([.init(""), .init("", shrinksTo: 20), .init("", shrinksTo: 20)])
        for step in plan.steps {
            let (word, style) = step.action.words
            var reasons = step.action.reasons.map(\.description)
            if reasons.count > reasonLimit {
                reasons = reasons.prefix(reasonLimit - 1) + ["\(reasons.count - reasonLimit + 1) more reasons"]
            }
            table.add([.init(word, style), .init(step.stage.name.text), .init(reasons.first ?? "", .faint)])
            for reason in reasons.dropFirst() { table.add(["", "", .init(reason, .faint)]) }
        }
        return table
    }

    private static func conclusion(_ plan: PipelinePlan) -> String {
        if plan.steps.isEmpty { return "the pipeline has no stages" }
        if plan.isUpToDate { return "everything is up to date" }
        var run = 0
        var restore = 0
        var wait = 0
        for step in plan.steps {
            switch step.action {
            case .skip, .frozen: break
            case .run: run += 1
            case .restore: restore += 1
            case .waits: wait += 1
            }
        }
        let parts = [(run, "to run"), (restore, "to restore from the store"), (wait, "that may follow")]
        let words = parts.filter { $0.0 > 0 }.map { "\(Formats.count($0.0, "stage")) \($0.1)" }
        return words.joined(separator: ", ")
    }
}

extension PipelinePlan {
    /// Whether a run would do nothing.
    var isUpToDate: Bool { steps.allSatisfy(\.action.isSettled) }
}
