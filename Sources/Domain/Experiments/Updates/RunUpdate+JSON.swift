import Diagnostics
import Files
import HTTP
import Hashing
package import JSON
import Objects

// docs/formats/run-update.md. What is read comes from others: anything that is not as it should be is an error that
// names the field.

extension RunUpdate {
    package static let version: Int64 = 1
    /// How many points one message may have: a chunk of few bytes can stand for many.
    package static let mostPoints = 1 << 20

    package var json: JSONValue {
        var object: JSONObject = ["version": .integer(Self.version), "run": .string(run.text)]
        if let start { object["start"] = .object(start.json) }
        if let stage { object["stage"] = .string(stage) }
        if !params.isEmpty { object["params"] = .object(params.reduce(into: [:]) { $0[$1.key] = $1.value }) }
        if !tags.isEmpty { object["tags"] = tagObject(tags) }
        if !series.isEmpty { object["series"] = .array(series.map(\.json)) }
        if !datasets.isEmpty { object["datasets"] = .array(datasets.map(\.json)) }
        if !models.isEmpty { object["models"] = .array(models.map(\.json)) }
        if !files.isEmpty { object["files"] = .array(files.map(\.json)) }
        if let git {
            var fields: JSONObject = ["commit": .string(git.commit), "isDirty": .bool(git.isDirty)]
            if let branch = git.branch { fields["branch"] = .string(branch) }
            object["git"] = .object(fields)
        }
        if let heartbeatAt { object["heartbeatMs"] = .integer(heartbeatAt.milliseconds) }
        if let end {
            var fields: JSONObject = [
                "status": .string(end.status.rawValue), "atMs": .integer(end.at.milliseconds),
            ]
            if let failure = end.failure { fields["failure"] = .string(failure) }
            object["end"] = .object(fields)
        }
        return .object(object)
    }

    /// `run`: the one that the message must be about, if that is known.
    package init(json: JSONValue, run expected: RunID? = nil) throws {
        let fields = try JSONFields(json)
        let version = try fields.integer("version") ?? Self.version
        guard version == Self.version else { throw fields.wrong("version", "\(Self.version), not \(version)") }
        let named = try fields.text("run").map { RunID($0) }
        guard let run = named ?? expected, !run.text.isEmpty else { throw fields.wrong("run", "given") }
        if let expected, run != expected { throw fields.wrong("run", "the run of the path") }
        self.init(run: run, stage: try fields.text("stage"))
        start = try fields.object("start").map { try RunStart(fields: $0) }
        params = try fields.pairs("params").map { try Param(key: checkedKey($0.key, "params"), value: $0.value) }
        tags = try readTags(fields, "tags")
        var points = 0
        series = try fields.objects("series").map { fields in
            let series = try LoggedSeries(fields: fields)
            points += series.points.count
            guard points <= Self.mostPoints else {
                throw fields.wrong("chunk", "of fewer points: send several messages")
            }
            return series
        }
        datasets = try fields.objects("datasets").map { try DatasetUse(fields: $0) }
        models = try fields.objects("models").map { try RunModel(fields: $0) }
        files = try fields.objects("files").map { try LoggedFile(fields: $0) }
        if let git = try fields.object("git") {
            self.git = GitState(
                commit: try git.required("commit", try git.text("commit")), branch: try git.text("branch"),
                isDirty: try git.flag("isDirty"))
        }
        heartbeatAt = try fields.moment("heartbeatMs")
        if let end = try fields.object("end") {
            guard let status = try end.text("status").flatMap(RunStatus.init(rawValue:)), status.isOver else {
                throw end.wrong("status", "finished, failed, killed or interrupted")
            }
            self.end = RunEnd(
                status: status, at: try end.required("atMs", try end.moment("atMs")), failure: try end.text("failure"))
        }
    }
}

extension RunStart {
    fileprivate var json: JSONObject {
        var object: JSONObject = [
            "experiment": .string(experiment), "startedMs": .integer(startedAt.milliseconds), "user": .string(user),
        ]
        if let name { object["name"] = .string(name) }
        if !commandLine.isEmpty { object["command"] = .array(commandLine.map { .string($0) }) }
        if let parent { object["parent"] = .string(parent.text) }
        if resumes { object["resumes"] = .bool(true) }
        if let owner {
            object["owner"] = .object([
                "host": .string(owner.host.name), "boot": .string(owner.host.bootID),
                "processNamespace": .string(owner.host.processNamespace), "pid": .integer(Int64(owner.pid)),
                "startTicks": .integer(Int64(bitPattern: owner.startTicks)),
            ])
        }
        return object
    }

    fileprivate init(fields: JSONFields) throws {
        self.init(
            experiment: try fields.text("experiment") ?? Experiment.defaultName, name: try fields.text("name"),
            startedAt: try fields.required("startedMs", try fields.moment("startedMs")),
            user: try fields.text("user") ?? "", commandLine: try fields.texts("command"),
            parent: try fields.text("parent").map { RunID($0) }, resumes: try fields.flag("resumes"))
        if let owner = try fields.object("owner") {
            self.owner = ProcessIdentity(
                host: HostIdentity(
                    name: try owner.text("host") ?? "", bootID: try owner.text("boot") ?? "",
                    processNamespace: try owner.text("processNamespace") ?? ""),
                pid: Int32(clamping: try owner.integer("pid") ?? 0),
                startTicks: UInt64(bitPattern: try owner.integer("startTicks") ?? 0))
        }
    }
}

extension LoggedSeries {
    /// Encoded as in the database: a million points must not take seconds to write and to read.
    fileprivate var json: JSONValue {
        .object(["key": .string(key), "chunk": .string(Base64.encode(SeriesChunk.encode(points)))])
    }

    fileprivate init(fields: JSONFields) throws {
        let key = try checkedKey(try fields.text("key") ?? "", "series")
        if let text = try fields.text("chunk") {
            guard let bytes = Base64.decode(text),
                let points = try? SeriesChunk.decode(bytes, most: UInt64(RunUpdate.mostPoints))
            else {
                throw fields.wrong("chunk", "points as docs/formats/run-update.md says, in base64")
            }
            self.init(key: key, points: points.points)
            return
        }
        let steps = try fields.array("steps")
        let times = try fields.array("timesMs")
        let values = try fields.array("values")
        guard steps.count == values.count, times.count == values.count else {
            throw fields.wrong("values", "as many as steps and timesMs")
        }
        let points = try values.indices.map { index in
            guard case .integer(let step) = steps[index] else { throw fields.wrong("steps", "whole numbers") }
            guard case .integer(let time) = times[index] else { throw fields.wrong("timesMs", "whole numbers") }
            guard let value = metricValue(values[index]) else { throw fields.wrong("values", "numbers") }
            return MetricPoint(step: step, timestamp: Timestamp(milliseconds: time), value: value)
        }
        self.init(key: key, points: points)
    }
}

/// The number that a JSON value stands for: NaN and the infinities are also written as texts, since JSON has none.
package func metricValue(_ value: JSONValue) -> Double? {
    if case .string(let text) = value {
        return ["NaN": .nan, "Infinity": .infinity, "-Infinity": -.infinity][text]
    }
    return value.asNumber
}

extension DatasetUse {
    fileprivate var json: JSONValue {
        var object: JSONObject = [
            "name": .string(dataset.name), "digest": .string(dataset.digest),
            "sourceType": .string(dataset.sourceType), "source": .string(dataset.source),
        ]
        if let schema = dataset.schema { object["schema"] = .string(schema) }
        if let profile = dataset.profile { object["profile"] = .string(profile) }
        if !tags.isEmpty { object["tags"] = tagObject(tags) }
        return .object(object)
    }

    fileprivate init(fields: JSONFields) throws {
        self.init(
            dataset: Dataset(
                name: try fields.required("name", try fields.text("name")),
                digest: try fields.required("digest", try fields.text("digest")),
                sourceType: try fields.text("sourceType") ?? "local", source: try fields.text("source") ?? "",
                schema: try fields.text("schema"), profile: try fields.text("profile")),
            tags: try readTags(fields, "tags"))
    }
}

extension RunModel {
    fileprivate var json: JSONValue {
        var object: JSONObject = [
            "id": .string(id), "name": .string(name), "step": .integer(step),
            "createdMs": .integer(createdAt.milliseconds), "isComplete": .bool(isComplete),
        ]
        if let type { object["type"] = .string(type) }
        if !params.isEmpty { object["params"] = tagObject(params) }
        if !tags.isEmpty { object["tags"] = tagObject(tags) }
        return .object(object)
    }

    fileprivate init(fields: JSONFields) throws {
        let name = try fields.required("name", try fields.text("name"))
        // As MLflow has it: a name is a part of paths and URLs.
        if name.isEmpty || name.contains(where: { "/:.%\"'".contains($0) }) {
            throw fields.wrong("name", "without any of / : . % \" '")
        }
        let id = try fields.required("id", try fields.text("id"))
        let isPlain =
            id.utf8.count <= 64
            && id.utf8.allSatisfy {
                ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || $0 == 0x2D
                    || ($0 >= 0x30 && $0 <= 0x39)
            }
        if id.isEmpty || !isPlain { throw fields.wrong("id", "letters, digits and dashes") }
        self.init(
            id: id, name: name, type: try fields.text("type"), step: try fields.integer("step") ?? 0,
            createdAt: try fields.required("createdMs", try fields.moment("createdMs")),
            params: try readTags(fields, "params"), tags: try readTags(fields, "tags"),
            isComplete: try fields.flag("isComplete"))
    }
}

extension LoggedFile {
    fileprivate var json: JSONValue {
        var object: JSONObject = [
            "object": .string(digest.id.description), "sha256": .string(digest.sha256.description),
            "sizeBytes": .integer(Int64(clamping: digest.sizeBytes)), "modifiedMs": .integer(modifiedAt.milliseconds),
        ]
        switch place {
        // Bytes that are no text cannot be a path of a URL either.
        case .artifact(let path): object["path"] = .string(path.description)
        case .model(let id, let path):
            object["model"] = .string(id)
            object["path"] = .string(path.description)
        case .patch: object["patch"] = .bool(true)
        }
        return .object(object)
    }

    fileprivate init(fields: JSONFields) throws {
        guard let id = try fields.text("object").flatMap({ ObjectID(hex: $0) }) else {
            throw fields.wrong("object", "32 hexadecimal digits")
        }
        guard let sha256 = try fields.text("sha256").flatMap({ SHA256Digest(hex: $0) }) else {
            throw fields.wrong("sha256", "64 hexadecimal digits")
        }
        let size = try fields.required("sizeBytes", try fields.integer("sizeBytes"))
        guard size >= 0 else { throw fields.wrong("sizeBytes", "0 or more") }
        let place: Place
        if try fields.flag("patch") {
            place = .patch
        } else {
            guard let path = try fields.text("path").flatMap({ try? RelativePath(parsing: $0) }), !path.isRoot else {
                throw fields.wrong("path", "a path below the folder of artifacts")
            }
            place = try fields.text("model").map { .model(id: $0, path) } ?? .artifact(path)
        }
        self.init(
            place: place, digest: Digest(id: id, sha256: sha256, sizeBytes: UInt64(size)),
            modifiedAt: try fields.moment("modifiedMs") ?? Timestamp(milliseconds: 0))
    }
}

private func tagObject(_ tags: [Tag]) -> JSONValue {
    .object(tags.reduce(into: [:]) { $0[$1.key] = .string($1.value) })
}

private func readTags(_ fields: JSONFields, _ name: String) throws -> [Tag] {
    try fields.pairs(name).map { pair in
        guard case .string(let value) = pair.value else { throw fields.wrong("\(name).\(pair.key)", "text") }
        return try Tag(key: checkedKey(pair.key, name), value: value)
    }
}

/// A key that every client can name: MLflow's limit of 250 characters, nothing that is not shown.
package func checkedKey(_ key: String, _ list: String) throws -> String {
    let isShown = key.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    guard !key.isEmpty, key.count <= 250, isShown else {
        throw JSONFieldError(field: "a key of \(list)", wanted: "1 to 250 characters, none a control character")
    }
    return key
}
