import Experiments
import Files
import HTTP
import Hashing
import MicroHTTPD
import Objects

/// Stage executions of a run, and what their commands printed.
extension NativeAPI {
    @Sendable func listStages(_ request: Request) throws -> Reply {
        let stages = try store.stages(run: try run(request).id)
        return .json { writer in
            writer.object { writer in
                writer.key("stages")
                writer.array(stages) { $0.stage($1) }
            }
        }
    }

    @Sendable func readStageLog(_ request: Request) throws -> Reply {
        let run = try run(request)
        let name = request.capture("stage")
        guard let stage = try store.stages(run: run.id).first(where: { $0.stage == name }) else {
            throw MLflowError.missing("run \(run.name) has no stage \(name)")
        }
        guard let log = stage.log else { throw MLflowError.missing("stage \(name) of run \(run.name) has no log") }
        return Reply(
            .ok, headers: ["Content-Type": "text/plain; charset=utf-8"], body: .bytes(try services.objects.read(log)))
    }
}

extension JSONWriter {
    fileprivate mutating func stage(_ stage: StageExecution) {
        object { writer in
            writer.field("name", stage.stage)
            writer.field("state", stage.state.rawValue)
            writer.field("startedAt", stage.startedAt)
            if let duration = stage.durationMilliseconds { writer.field("durationMs", duration) }
            writer.key("reasons")
            writer.array(stage.reasons) { $0.string($1) }
            writer.key("commands")
            writer.array(stage.commands) { $0.string($1) }
            writer.field("stageKey", stage.key?.description)
            writer.files("deps", stage.inputs)
            writer.files("outs", stage.outputs)
            writer.key("hasLog")
            writer.bool(stage.log != nil)
            if let code = stage.exitCode { writer.field("exitCode", Int64(code)) }
            writer.field("failure", stage.failure)
        }
    }

    private mutating func files(_ name: StaticString, _ files: [StageFile]) {
        key(name)
        array(files) { writer, file in
            writer.object {
                $0.field("path", file.path.description)
                if let fingerprint = file.fingerprint {
                    $0.field("object", fingerprint.digest.id.description)
                    $0.field("sha256", fingerprint.digest.sha256.description)
                    $0.field("sizeBytes", Int64(clamping: fingerprint.contentBytes))
                }
            }
        }
    }
}
