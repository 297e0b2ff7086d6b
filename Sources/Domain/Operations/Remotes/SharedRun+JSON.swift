import Diagnostics
import Experiments
import Files
import Hashing
import JSON
import Objects
import Pipelines

// The text of docs/formats/run-record.md. What is read comes from others: anything that is not as it should be makes
// the whole record nil, and a path must stay inside the project.

extension SharedRun {
    var json: JSONValue {
        var object: JSONObject = [
            "version": .integer(Self.version), "id": .string(run.id.text), "experiment": .string(run.experimentName),
            "name": .string(run.name), "status": .string(run.status.rawValue),
            "started_ms": .integer(run.startedAt.milliseconds), "user": .string(run.user),
            "command": .array(run.commandLine.map { .string($0) }),
        ]
        if let ended = run.endedAt { object["ended_ms"] = .integer(ended.milliseconds) }
        if let failure = run.failure { object["failure"] = .string(failure) }
        if let git = run.git { object["git"] = .object(Self.json(git)) }
        object["params"] = .array(params.map { .array([.string($0.key), $0.value]) })
        object["tags"] = .array(tags.map { .array([.string($0.key), .string($0.value)]) })
        object["metrics"] = .array(metrics.map(Self.json))
        object["stages"] = .array(stages.map(Self.json))
        return .object(object)
    }

    init?(json: JSONValue) {
        guard case .object(let object) = json, object["version"] == .integer(Self.version),
            let id = object.text("id"), let experiment = object.text("experiment"), let name = object.text("name"),
            let status = object.text("status").flatMap(RunStatus.init(rawValue:)), status.isOver,
            let started = object.integer("started_ms"), let user = object.text("user"),
            case .array(let command)? = object["command"], case .array(let params)? = object["params"],
            case .array(let tags)? = object["tags"], case .array(let metrics)? = object["metrics"],
            case .array(let stages)? = object["stages"]
        else { return nil }
        var run = Run(
            id: RunID(id), experiment: ExperimentID(0), experimentName: experiment, name: name, status: status,
            startedAt: Timestamp(milliseconds: started), user: user)
        run.commandLine = command.compactMap(\.text)
        run.endedAt = object.integer("ended_ms").map { Timestamp(milliseconds: $0) }
        run.failure = object.text("failure")
        if case .object(let git)? = object["git"] { run.git = Self.git(git) }
        self.init(run: run)
        self.params = params.compactMap { pair in pair.pair.map { Param(key: $0.key, value: $0.value) } }
        self.tags = tags.compactMap { pair in
            pair.pair.flatMap { key, value in value.text.map { Tag(key: key, value: $0) } }
        }
        self.metrics = metrics.compactMap(Self.series)
        self.stages = stages.compactMap(Self.stage)
        let isWhole =
            self.params.count == params.count && self.tags.count == tags.count && self.metrics.count == metrics.count
            && self.stages.count == stages.count
        if !isWhole { return nil }
    }

    // MARK: Git

    private static func json(_ git: GitState) -> JSONObject {
        var object: JSONObject = ["commit": .string(git.commit), "dirty": .bool(git.isDirty)]
        if let branch = git.branch { object["branch"] = .string(branch) }
        if let patch = git.patch { object["patch"] = .object(patch.json) }
        return object
    }

    private static func git(_ object: JSONObject) -> GitState? {
        guard let commit = object.text("commit") else { return nil }
        return GitState(
            commit: commit, branch: object.text("branch"), isDirty: object["dirty"] == .bool(true),
            patch: object["patch"].flatMap(Digest.init(json:)))
    }

    // MARK: Metrics

    private static func json(_ series: Series) -> JSONValue {
        var object: JSONObject = ["key": .string(series.key)]
        if let stage = series.stage { object["stage"] = .string(stage) }
        object["points"] = .array(
            series.points.map { point in
                .array([.integer(point.step), .integer(point.timestamp.milliseconds), .number(point.value)])
            })
        return .object(object)
    }

    private static func series(_ value: JSONValue) -> Series? {
        guard case .object(let object) = value, let key = object.text("key"),
            case .array(let items)? = object["points"]
        else { return nil }
        let points = items.compactMap { item -> MetricPoint? in
            guard case .array(let parts) = item, parts.count == 3, case .integer(let step) = parts[0],
                case .integer(let time) = parts[1], let value = parts[2].double
            else { return nil }
            return MetricPoint(step: step, timestamp: Timestamp(milliseconds: time), value: value)
        }
        if points.count != items.count { return nil }
        return Series(key: key, stage: object.text("stage"), points: points)
    }

    // MARK: Stages

    private static func json(_ stage: StageExecution) -> JSONValue {
        var object: JSONObject = [
            "stage": .string(stage.stage), "position": .integer(Int64(stage.position)),
            "state": .string(stage.state.rawValue), "reasons": .array(stage.reasons.map { .string($0) }),
            "commands": .array(stage.commands.map { .string($0) }),
            "deps": .array(stage.inputs.map(json)), "outs": .array(stage.outputs.map(json)),
        ]
        if let started = stage.startedAt { object["started_ms"] = .integer(started.milliseconds) }
        if let duration = stage.durationMilliseconds { object["duration_ms"] = .integer(duration) }
        if let key = stage.key { object["key"] = .string(key.description) }
        if let log = stage.log { object["log"] = .object(log.json) }
        if let code = stage.exitCode { object["exit_code"] = .integer(Int64(code)) }
        if let failure = stage.failure { object["failure"] = .string(failure) }
        return .object(object)
    }

    private static func stage(_ value: JSONValue) -> StageExecution? {
        guard case .object(let object) = value, let name = object.text("stage"),
            let position = object.integer("position"),
            let state = object.text("state").flatMap(StageState.init(rawValue:)),
            case .array(let reasons)? = object["reasons"], case .array(let commands)? = object["commands"],
            case .array(let inputs)? = object["deps"], case .array(let outputs)? = object["outs"]
        else { return nil }
        var stage = StageExecution(stage: name, position: Int(clamping: position), state: state)
        stage.reasons = reasons.compactMap(\.text)
        stage.commands = commands.compactMap(\.text)
        stage.inputs = inputs.compactMap(file)
        stage.outputs = outputs.compactMap(file)
        stage.startedAt = object.integer("started_ms").map { Timestamp(milliseconds: $0) }
        stage.durationMilliseconds = object.integer("duration_ms")
        stage.key = object.text("key").flatMap { SHA256Digest(hex: $0) }
        stage.log = object["log"].flatMap(Digest.init(json:))
        stage.exitCode = object.integer("exit_code").map { Int(clamping: $0) }
        stage.failure = object.text("failure")
        return stage.inputs.count == inputs.count && stage.outputs.count == outputs.count ? stage : nil
    }

    private static func json(_ file: StageFile) -> JSONValue {
        var object: JSONObject = ["path": .string(file.path.description)]
        if let fingerprint = file.fingerprint { object["content"] = fingerprint.json }
        return .object(object)
    }

    private static func file(_ value: JSONValue) -> StageFile? {
        guard case .object(let object) = value, let text = object.text("path"),
            let path = try? RelativePath(parsing: text)
        else { return nil }
        return StageFile(path: path, fingerprint: object["content"].flatMap(Fingerprint.init(json:)))
    }
}

extension JSONObject {
    fileprivate func text(_ key: String) -> String? { self[key]?.text }

    fileprivate func integer(_ key: String) -> Int64? {
        if case .integer(let number)? = self[key] { number } else { nil }
    }
}

extension JSONValue {
    fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }

    /// JSON does not tell 1 from 1.0.
    fileprivate var double: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

    fileprivate var pair: (key: String, value: JSONValue)? {
        guard case .array(let items) = self, items.count == 2, let key = items[0].text else { return nil }
        return (key, items[1])
    }
}
