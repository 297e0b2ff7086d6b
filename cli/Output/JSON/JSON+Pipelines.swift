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
            "outs": .array(record.outputs.map { JSONValue($0) }), "log": JSONValue(record.log),
            "exitCode": JSONValue(record.exitCode.map { Int64($0) }), "error": JSONValue(record.error),
            "changedMeanwhile": JSONValue(record.changedMeanwhile.map(\.description)),
        ])
    }

    init(_ output: LockedOutput) {
        self = .object(["path": .string(output.path.description), "content": JSONValue(output.fingerprint)])
    }

    /// All that the pipeline says of a stage, after templating.
    init(_ stage: Stage) {
        self = .object([
            "name": .string(stage.name.text), "commands": JSONValue(stage.commands),
            "wdir": .string(stage.workingDirectory.description),
            "deps": JSONValue(stage.dependencies.map(\.path.description) + stage.externalDependencies.map(\.text)),
            "params": .array(
                stage.params.map { request in
                    .object([
                        "file": .string(request.file.description), "keys": JSONValue(request.keys.map(\.name)),
                    ])
                }),
            "outs": .array(stage.outputs.map { JSONValue($0) }),
            "externalOuts": JSONValue(stage.externalOutputs.map(\.text)),
            "frozen": .bool(stage.isFrozen), "alwaysChanged": .bool(stage.alwaysChanged),
            "deterministic": .bool(stage.isDeterministic), "description": JSONValue(stage.summary),
            "file": .string(stage.location.file), "line": .integer(Int64(stage.location.line)),
        ])
    }

    init(_ output: Output) {
        self = .object([
            "path": .string(output.path.description), "role": .string(output.role.rawValue),
            "cache": .bool(output.isCached), "persist": .bool(output.persists), "push": .bool(output.isPushed),
        ])
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
