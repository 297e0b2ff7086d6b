import Diagnostics
import Files
import FoundationEssentials
import HTTP
import Hashing
import JSON
import Objects

/// Runs of a `repro server`, read by its API: the same values that a project's store gives.
package struct RemoteRuns: Sendable {
    private let server: TrackingServer
    /// The most runs that one reply has.
    private static let pageRuns = 1000

    package init(_ server: TrackingServer) { self.server = server }

    /// - Parameters:
    ///   - filter: In the filter language, as it was written.
    ///   - sort: Each a list of columns, as it was written.
    package func list(
        filter: String?, sort: [String], experiment: String?, limit: Int, lifecycle: RunQuery.Lifecycle
    ) throws -> RunPage {
        var query: [QueryItem] = sort.map { QueryItem("sort", $0) }
        if let filter { query.append(QueryItem("filter", filter)) }
        if let experiment { query.append(QueryItem("experiment", experiment)) }
        switch lifecycle {
        case .active: break
        case .deleted: query.append(QueryItem("deleted", "true"))
        case .all: query.append(QueryItem("deleted", "all"))
        }
        var page = RunPage(records: [], hasMore: true)
        while page.hasMore, page.records.count < limit {
            let count = min(Self.pageRuns, limit - page.records.count)
            let place = [QueryItem("limit", "\(count)"), QueryItem("offset", "\(page.records.count)")]
            let reply = try JSONFields(server.get(["runs"], query + place))
            let records = try reply.objects("runs").map { try RunRecord(fields: $0) }
            page.records += records
            page.hasMore = try reply.flag("hasMore") && !records.isEmpty
        }
        return page
    }

    /// A run by its id, its name, or the first digits of its id, with what it logged.
    package func record(_ reference: String) throws -> RunRecord {
        try RunRecord(fields: JSONFields(server.get(["runs", reference])))
    }

    package func stages(_ run: RunID) throws -> [StageExecution] {
        let reply = try JSONFields(server.get(["runs", run.text, "stages"]))
        return try reply.objects("stages").enumerated().map { try StageExecution(fields: $1, position: $0) }
    }

    /// - `action`: `delete`, into the bin, or `restore`, out of it.
    package func act(_ action: String, on runs: [Run]) throws {
        _ = try server.post(["runs", "actions"], .object(["action": .string(action), "runs": ids(runs.map(\.id))]))
    }

    /// What the server says it removed for good, or would.
    package struct Purge: Sendable {
        package var purged: [RunID]
        package var published: [RunID]
        package var freed: (objects: Int, bytes: UInt64)
        package var shared: (objects: Int, bytes: UInt64)
    }

    /// Of runs in the bin; none: of all.
    package func purge(_ runs: [RunID], isDryRun: Bool) throws -> Purge {
        let reply = try JSONFields(
            server.post(["runs", "purge"], .object(["runs": ids(runs), "dryRun": .bool(isDryRun)]), timeout: nil))
        func number(_ name: String) throws -> Int64 { try reply.required(name, reply.integer(name)) }
        return Purge(
            purged: try reply.texts("runs").map { RunID($0) },
            published: try reply.texts("published").map { RunID($0) },
            freed: (Int(try number("freedObjects")), UInt64(clamping: try number("freedBytes"))),
            shared: (Int(try number("sharedObjects")), UInt64(clamping: try number("sharedBytes"))))
    }

    private func ids(_ runs: [RunID]) -> JSONValue { .array(runs.map { .string($0.text) }) }

    /// What the commands of a stage wrote.
    package func log(run: RunID, stage: String) throws -> [UInt8] {
        try server.read(["runs", run.text, "stages", stage, "log"])
    }
}

extension JSONFields {
    fileprivate func date(_ name: String) throws -> Timestamp? {
        guard let text = try text(name) else { return nil }
        guard let date = try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text) else {
            throw wrong(name, "a moment, as 2026-11-21T10:20:30.123Z")
        }
        return Timestamp(milliseconds: Int64((date.timeIntervalSince1970 * 1000).rounded()))
    }
}

extension RunRecord {
    fileprivate init(fields: JSONFields) throws {
        guard let status = try fields.text("status").flatMap(RunStatus.init(rawValue:)) else {
            throw fields.wrong("status", "a status of a run")
        }
        var run = Run(
            id: RunID(try fields.required("id", fields.text("id"))), experiment: ExperimentID(0),
            experimentName: try fields.text("experiment") ?? "", name: try fields.text("name") ?? "", status: status,
            startedAt: try fields.required("startedAt", fields.date("startedAt")), user: try fields.text("user") ?? "")
        run.endedAt = try fields.date("endedAt")
        run.heartbeatAt = try fields.date("heartbeatAt") ?? run.startedAt
        run.deletedAt = try fields.date("deletedAt")
        run.commandLine = try fields.texts("command")
        run.failure = try fields.text("failure")
        if let host = try fields.object("process")?.text("host") {
            run.owner = ProcessIdentity(
                host: HostIdentity(name: host, bootID: "", processNamespace: ""), pid: 0, startTicks: 0)
        }
        if let git = try fields.object("git") {
            run.git = GitState(
                commit: try git.text("commit") ?? "", branch: try git.text("branch"), isDirty: try git.flag("isDirty"),
                patch: try git.object("patch").map { try Digest(fields: $0) })
        }
        self.init(run: run)
        for (key, value) in try fields.pairs("params") { params[key] = value }
        for (key, value) in try fields.pairs("metrics") { metrics[key] = try LatestMetric(fields: JSONFields(value)) }
        for (key, value) in try fields.pairs("tags") { if case .string(let text) = value { tags[key] = text } }
        stages = try fields.objects("stages").map { stage in
            StageSummary(
                stage: try stage.text("name") ?? "", state: try StageState(fields: stage),
                durationMilliseconds: try stage.integer("durationMs"),
                exitCode: try stage.integer("exitCode").map { Int(clamping: $0) })
        }
    }
}

extension LatestMetric {
    fileprivate init(fields: JSONFields) throws {
        guard let value = fields.value("value").flatMap(metricValue) else { throw fields.wrong("value", "a number") }
        self.init(
            point: MetricPoint(
                step: try fields.integer("step") ?? 0,
                timestamp: try fields.date("timestamp") ?? Timestamp(milliseconds: 0), value: value),
            stage: try fields.text("stage"))
    }
}

extension StageState {
    fileprivate init(fields: JSONFields) throws {
        guard let state = try fields.text("state").flatMap(StageState.init(rawValue:)) else {
            throw fields.wrong("state", "a state of a stage")
        }
        self = state
    }
}

extension StageExecution {
    fileprivate init(fields: JSONFields, position: Int) throws {
        self.init(
            stage: try fields.text("name") ?? "", position: position, state: try StageState(fields: fields))
        startedAt = try fields.date("startedAt")
        durationMilliseconds = try fields.integer("durationMs")
        reasons = try fields.texts("reasons")
        commands = try fields.texts("commands")
        key = try fields.text("stageKey").flatMap { SHA256Digest(hex: $0) }
        inputs = try fields.objects("deps").map { try StageFile(fields: $0) }
        outputs = try fields.objects("outs").map { try StageFile(fields: $0) }
        log = try fields.object("log").map { try Digest(fields: $0) }
        exitCode = try fields.integer("exitCode").map { Int(clamping: $0) }
        failure = try fields.text("failure")
    }
}

extension StageFile {
    fileprivate init(fields: JSONFields) throws {
        guard let path = try fields.text("path").flatMap({ try? RelativePath(parsing: $0) }) else {
            throw fields.wrong("path", "a path of the project")
        }
        guard fields.value("object") != nil else {
            self.init(path: path, fingerprint: nil)
            return
        }
        let isFolder = try fields.text("kind") == "folder"
        let kind: Fingerprint.Kind =
            isFolder
            ? .folder(fileCount: Int(clamping: try fields.integer("fileCount") ?? 0))
            : .file(isExecutable: try fields.flag("isExecutable"))
        let content = UInt64(clamping: try fields.integer("sizeBytes") ?? 0)
        self.init(
            path: path,
            fingerprint: Fingerprint(
                kind: kind, digest: try Digest(fields: fields, size: "objectBytes"), contentBytes: content))
    }
}

extension Digest {
    fileprivate init(fields: JSONFields, size: String = "sizeBytes") throws {
        guard let id = try fields.text("object").flatMap({ ObjectID(hex: $0) }),
            let sha256 = try fields.text("sha256").flatMap({ SHA256Digest(hex: $0) })
        else { throw fields.wrong("object", "a digest") }
        self.init(id: id, sha256: sha256, sizeBytes: UInt64(clamping: try fields.integer(size) ?? 0))
    }
}
