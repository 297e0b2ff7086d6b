import Diagnostics
import Files
import HTTP
import MicroHTTPD
import Operations
import Pipelines

/// The pipeline of the workspace, with what a run would do now and why.
extension NativeAPI {
    @Sendable func showPipeline(_ request: Request) throws -> Reply {
        let plan = try showStatus(values(request, "stage"), in: try project())
        return .json { $0.plan(plan) }
    }
}

extension JSONWriter {
    mutating func plan(_ plan: PipelinePlan) {
        object { writer in
            writer.key("stages")
            writer.array(plan.steps) { writer, step in
                writer.object { $0.step(step, in: plan) }
            }
        }
    }

    private mutating func step(_ step: PipelinePlan.Step, in plan: PipelinePlan) {
        let stage = step.stage
        field("name", stage.name.text)
        field("description", stage.summary)
        field("action", step.action.word)
        key("reasons")
        array(step.action.reasons) { $0.string($1.description) }
        field("commands", stage.commands)
        field("workingDirectory", stage.workingDirectory.description)
        field("deps", stage.dependencies.map(\.path.description) + stage.externalDependencies.map(\.text))
        field("outs", stage.outputs.map(\.path.description) + stage.externalOutputs.map(\.text))
        key("params")
        array(stage.params) { writer, request in
            writer.object {
                $0.field("file", request.file.description)
                $0.field("keys", request.keys.map(\.name))
            }
        }
        field("waitsFor", step.waitsFor.map { plan.steps[$0].stage.name.text })
        key("frozen")
        bool(stage.isFrozen)
        field("file", stage.location.file)
        field("line", Int64(stage.location.line))
    }
}

extension PipelinePlan.Action {
    fileprivate var word: String {
        switch self {
        case .skip: "skip"
        case .frozen: "frozen"
        case .restore: "restore"
        case .run: "run"
        case .waits: "waits"
        }
    }
}
