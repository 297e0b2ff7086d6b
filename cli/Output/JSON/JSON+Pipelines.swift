import Diagnostics
import Files
import JSON
import Objects
import Pipelines

extension JSONValue {
    init(_ record: StageRecord) {
        self = .object([
            "stage": .string(record.stage.text), "state": .string(record.state.rawValue),
            "startedAt": JSONValue(record.startedAt),
            "durationMilliseconds": .integer(Formats.milliseconds(record.duration)),
            "reasons": JSONValue(record.reasons.map(\.description)), "key": JSONValue(record.key?.description),
            "outputs": .array(record.outputs.map { JSONValue($0) }), "log": JSONValue(record.log),
            "exitCode": JSONValue(record.exitCode.map { Int64($0) }), "error": JSONValue(record.error),
            "changedMeanwhile": JSONValue(record.changedMeanwhile.map(\.description)),
        ])
    }

    init(_ output: LockedOutput) {
        self = .object(["path": .string(output.path.description), "content": JSONValue(output.fingerprint)])
    }

    init(_ plan: PipelinePlan) {
        self = .object([
            "stages": .array(plan.steps.map { JSONValue($0, in: plan.steps) })
        ])
    }

    /// `steps`: those that the step's numbers refer to.
    init(_ step: PipelinePlan.Step, in steps: [PipelinePlan.Step]) {
        let (word, _) = step.action.words
        self = .object([
            "stage": .string(step.stage.name.text), "action": .string(word),
            "reasons": JSONValue(step.action.reasons.map(\.description)),
            "waitsFor": JSONValue(step.waitsFor.map { steps[$0].stage.name.text }),
            "commands": JSONValue(step.stage.commands),
            "deps": JSONValue(step.stage.dependencies.map(\.path.description)),
            "outs": JSONValue(step.stage.outputs.map(\.path.description)),
            "description": JSONValue(step.stage.summary),
        ])
    }
}

extension PipelinePlan.Action {
    /// What `repro run` would do, in one word, and how it looks.
    var words: (String, Style) {
        switch self {
        case .skip: ("skip", .faint)
        case .frozen: ("frozen", .faint)
        case .restore: ("restore", .notice)
        case .run: ("run", .warning)
        case .waits: ("maybe", .plain)
        }
    }
}
