import Diagnostics
import Experiments
import Files
import Hashing
import JSON
import Objects

extension JSONValue {
    init(_ run: Run) { self = .object(Self.fields(of: run)) }

    /// A run with what it logged.
    init(_ record: RunRecord) {
        var fields = Self.fields(of: record.run)
        fields["params"] = .object(sorted: record.params) { $0 }
        fields["metrics"] = .object(sorted: record.metrics) { .number($0.value) }
        fields["tags"] = .object(sorted: record.tags) { .string($0) }
        fields["stages"] = .array(
            record.stages.map { stage in
                .object([
                    "stage": .string(stage.stage), "state": .string(stage.state.rawValue),
                    "durationMilliseconds": JSONValue(stage.durationMilliseconds),
                    "exitCode": JSONValue(stage.exitCode),
                ])
            })
        self = .object(fields)
    }

    init(_ execution: StageExecution) {
        self = .object([
            "stage": .string(execution.stage), "state": .string(execution.state.rawValue),
            "startedAt": JSONValue(execution.startedAt),
            "durationMilliseconds": JSONValue(execution.durationMilliseconds),
            "commands": JSONValue(execution.commands), "reasons": JSONValue(execution.reasons),
            "key": JSONValue(execution.key?.description),
            "deps": .array(execution.inputs.map(Self.file)), "outs": .array(execution.outputs.map(Self.file)),
            "log": JSONValue(execution.log), "exitCode": JSONValue(execution.exitCode),
            "failure": JSONValue(execution.failure),
        ])
    }

    static func object<Value>(sorted values: [String: Value], _ json: (Value) -> JSONValue) -> JSONValue {
        var object = JSONObject()
        for (key, value) in values.sorted(by: { $0.key < $1.key }) { object[key] = json(value) }
        return .object(object)
    }

    private static func fields(of run: Run) -> JSONObject {
        [
            "id": .string(run.id.text), "name": .string(run.name), "experiment": .string(run.experimentName),
            "status": .string(run.status.rawValue), "startedAt": JSONValue(run.startedAt),
            "endedAt": JSONValue(run.endedAt), "user": .string(run.user), "host": JSONValue(run.owner?.host.name),
            "commandLine": JSONValue(run.commandLine), "git": JSONValue(run.git), "failure": JSONValue(run.failure),
        ]
    }

    private init(_ git: GitState?) {
        guard let git else {
            self = .null
            return
        }
        self = .object([
            "commit": .string(git.commit), "branch": JSONValue(git.branch), "isDirty": .bool(git.isDirty),
            "patch": JSONValue(git.patch),
        ])
    }

    private static func file(_ file: StageFile) -> JSONValue {
        .object(["path": .string(file.path.description), "content": JSONValue(file.fingerprint)])
    }
}
