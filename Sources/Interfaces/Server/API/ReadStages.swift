import Experiments
import Files
import HTTP
import Hashing
import MicroHTTPD
import Objects
import Operations

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
        let logs = StageLogs(
            experiments: store, objects: services.objects, temporaryFolder: services.scratch,
            fileSystem: services.fileSystem)
        guard let report = try logs.read(stage, of: run) else {
            throw MLflowError.missing("stage \(name) of run \(run.name) has no log")
        }
        // Who follows a log asks for what is new; that there is nothing is an answer, too.
        let from = try number(request, "from", default: 0, 0...Int.max)
        var headers: HTTPHeaders = [
            "Content-Type": "text/plain; charset=utf-8", "X-Repro-Stage-State": stage.state.rawValue,
        ]
        if let writer = report.writtenBy { headers["X-Repro-Written-By"] = writer.id.text }
        return Reply(.ok, headers: headers, body: .bytes(Array(report.bytes.dropFirst(from))))
    }

    /// What the code of a run had that its commit did not, as `git diff` printed it.
    @Sendable func readPatch(_ request: Request) throws -> Reply {
        let run = try run(request)
        guard let patch = run.git?.patch else { throw MLflowError.missing("run \(run.name) has no patch") }
        return Reply(
            .ok, headers: ["Content-Type": "text/plain; charset=utf-8"], body: .bytes(try services.objects.read(patch)))
    }
}

extension JSONWriter {
    fileprivate mutating func stage(_ stage: StageExecution) {
        object { writer in
            writer.field("name", stage.stage)
            writer.field("state", stage.state.rawValue)
            writer.field("startedAt", stage.startedAt)
            if let duration = stage.durationMilliseconds { writer.field("durationMs", duration) }
            writer.field("reasons", stage.reasons)
            writer.field("commands", stage.commands)
            writer.field("stageKey", stage.key?.description)
            writer.files("deps", stage.inputs)
            writer.files("outs", stage.outputs)
            writer.key("hasLog")
            writer.bool(stage.log != nil)
            writer.digest("log", stage.log)
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
                    $0.field("objectBytes", Int64(clamping: fingerprint.digest.sizeBytes))
                    switch fingerprint.kind {
                    case .file(let isExecutable):
                        $0.field("kind", "file")
                        $0.key("isExecutable")
                        $0.bool(isExecutable)
                    case .folder(let count):
                        $0.field("kind", "folder")
                        $0.field("fileCount", Int64(count))
                    }
                }
            }
        }
    }
}
