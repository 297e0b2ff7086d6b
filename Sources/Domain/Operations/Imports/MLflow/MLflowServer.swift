import Curl
import Diagnostics
import Experiments
import Files
import HTTP
import JSON
import Objects

/// A tracking server that speaks MLflow's REST API.
struct MLflowServer: MLflowSource {
    private let client: HTTPClient
    private let base: HTTPURL
    private let headers: HTTPHeaders
    private let fileSystem: FileSystem

    /// Credentials as MLflow's client has them: `MLFLOW_TRACKING_TOKEN`, or a user name and a password.
    init(_ url: String, environment: [String: String], fileSystem: FileSystem) throws {
        guard let base = try? HTTPURL(parsing: url) else { throw MLflowImportError.badAddress }
        self.base = base
        self.fileSystem = fileSystem
        client = try HTTPClient()
        var headers: HTTPHeaders = ["Content-Type": "application/json"]
        if let token = environment["MLFLOW_TRACKING_TOKEN"] {
            headers["Authorization"] = "Bearer \(token)"
        } else if let user = environment["MLFLOW_TRACKING_USERNAME"] {
            let password = environment["MLFLOW_TRACKING_PASSWORD"] ?? ""
            headers["Authorization"] = "Basic " + Base64.encode("\(user):\(password)".utf8)
        }
        self.headers = headers
    }

    func experiments() throws -> [MLflowExperiment] {
        try pages("experiments", .post, "/api/2.0/mlflow/experiments/search", ["view_type": .string("ALL")], size: 1000)
            .map { item in
                MLflowExperiment(
                    id: item.text("experiment_id"), name: item.text("name"),
                    artifactLocation: item.text("artifact_location"),
                    isDeleted: item.text("lifecycle_stage") == "deleted",
                    createdMilliseconds: item.number("creation_time") ?? 0, tags: item.tags("tags"))
            }
    }

    func forEachRun(of experiment: MLflowExperiment, _ body: (MLflowRun) throws -> Void) throws {
        try forEachPage(
            "runs", .post, "/api/2.0/mlflow/runs/search",
            ["experiment_ids": .array([.string(experiment.id)]), "run_view_type": .string("ALL")], size: 200
        ) { item in
            let info = item["info"] ?? .null
            let data = item["data"] ?? .null
            var run = MLflowRun(
                id: info.text("run_id"), name: info.text("run_name"), user: info.text("user_id"),
                status: info.text("status"), startMilliseconds: info.number("start_time") ?? 0,
                endMilliseconds: info.number("end_time"), isDeleted: info.text("lifecycle_stage") == "deleted",
                artifactURI: info.text("artifact_uri"), params: data.tags("params"), tags: data.tags("tags"),
                metricKeys: data.items("metrics").map { $0.text("key") })
            // A search leaves out models that went in.
            let whole = try get("/api/2.0/mlflow/runs/get", ["run_id": run.id])["run"] ?? item
            run.datasets = (whole["inputs"] ?? .null).items("dataset_inputs").map { use in
                let dataset = use["dataset"] ?? .null
                return DatasetUse(
                    dataset: Dataset(
                        name: dataset.text("name"), digest: dataset.text("digest"),
                        sourceType: dataset.text("source_type"), source: dataset.text("source"),
                        schema: dataset.optionalText("schema"), profile: dataset.optionalText("profile")),
                    tags: use.tags("tags"))
            }
            run.inputModels = (whole["inputs"] ?? .null).items("model_inputs").map { $0.text("model_id") }
            run.outputModels = (whole["outputs"] ?? .null).items("model_outputs").map {
                ModelOutput(model: $0.text("model_id"), step: $0.number("step") ?? 0)
            }
            try body(run)
        }
    }

    func points(of run: MLflowRun, key: String) throws -> [MetricPoint] {
        var points: [MetricPoint] = []
        var token: String?
        repeat {
            var query = ["run_id": run.id, "metric_key": key, "max_results": "25000"]
            query["page_token"] = token
            let page = try get("/api/2.0/mlflow/metrics/get-history", query)
            points += page.items("metrics").map { $0.point() }
            token = page.optionalText("next_page_token")
        } while token != nil
        return points
    }

    func loggedModels(of experiment: MLflowExperiment) throws -> [MLflowLoggedModel] {
        let path = "/api/2.0/mlflow/logged-models/search"
        let query: [String: JSONValue] = ["experiment_ids": .array([.string(experiment.id)])]
        return try pages("models", .post, path, query, size: 50).map { item in
            let info = item["info"] ?? .null
            let data = item["data"] ?? .null
            var model = LoggedModel(
                id: info.text("model_id"), experiment: ExperimentID(0), name: info.text("name"),
                type: info.optionalText("model_type"), sourceRun: info.optionalText("source_run_id").map { RunID($0) },
                createdAt: Timestamp(milliseconds: info.number("creation_timestamp_ms") ?? 0), tags: info.tags("tags"),
                params: data.tags("params"))
            model.updatedAt = Timestamp(milliseconds: info.number("last_updated_timestamp_ms") ?? 0)
            model.status =
                info.text("status").hasSuffix("READY")
                ? .ready : info.text("status").hasSuffix("UPLOAD_FAILED") ? .failed : .pending
            model.metrics = data.items("metrics").map {
                ModelMetric(
                    key: $0.text("key"), point: $0.point(), run: $0.optionalText("run_id").map { RunID($0) },
                    datasetName: $0.optionalText("dataset_name"), datasetDigest: $0.optionalText("dataset_digest"))
            }
            return MLflowLoggedModel(model: model, artifactURI: info.text("artifact_uri"))
        }
    }

    func registeredModels() throws -> [MLflowRegisteredModel] {
        // Prompts are models that a search hides unless it asks for them.
        try ["", "tags.`mlflow.prompt.is_prompt` = 'true'"].flatMap { try registeredModels(which: $0) }
    }

    private func registeredModels(which filter: String) throws -> [MLflowRegisteredModel] {
        let models = try pages(
            "registered_models", .get, "/api/2.0/mlflow/registered-models/search", ["filter": .string(filter)],
            size: 100)
        return try models.map { item in
            var model = RegisteredModel(
                name: item.text("name"),
                createdAt: Timestamp(milliseconds: item.number("creation_timestamp") ?? 0),
                description: item.text("description"), user: item.optionalText("user_id"), tags: item.tags("tags"))
            model.updatedAt = Timestamp(milliseconds: item.number("last_updated_timestamp") ?? 0)
            model.aliases = item.items("aliases").compactMap { alias in
                Int64(alias.text("version")).map { ModelAlias(alias: alias.text("alias"), version: $0) }
            }
            let name = model.name.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
            let all = ["name='\(name)'", filter].filter { !$0.isEmpty }.joined(separator: " AND ")
            let versions = try pages(
                "model_versions", .get, "/api/2.0/mlflow/model-versions/search", ["filter": .string(all)], size: 1000)
            return MLflowRegisteredModel(
                model: model, versions: versions.map { $0.modelVersion() }.sorted { $0.number < $1.number })
        }
    }

    // MARK: Artifacts

    func files(of owner: MLflowArtifactOwner) throws -> [MLflowFile]? {
        var found: [MLflowFile] = []
        var folders = [""]
        while let folder = folders.popLast() {
            let page =
                switch owner.kind {
                case .run: try get("/api/2.0/mlflow/artifacts/list", ["run_id": owner.id, "path": folder])
                case .loggedModel:
                    try get(
                        "/api/2.0/mlflow/logged-models/\(owner.id)/artifacts/directories",
                        ["artifact_directory_path": folder])
                }
            for file in page.items("files") {
                let path = file.text("path")
                if file["is_dir"] == .bool(true) {
                    folders.append(path)
                } else {
                    found.append(
                        MLflowFile(
                            path: path, place: place(of: path, owner),
                            sizeBytes: file.number("file_size").map { UInt64(max(0, $0)) }))
                }
            }
        }
        return found.sorted { $0.path < $1.path }
    }

    private func place(of path: String, _ owner: MLflowArtifactOwner) -> String {
        switch owner.kind {
        case .run: return url("/get-artifact", ["run_uuid": owner.id, "path": path]).description
        case .loggedModel:
            return url(
                "/ajax-api/2.0/mlflow/logged-models/\(owner.id)/artifacts/files", ["artifact_file_path": path]
            ).description
        }
    }

    func store(_ file: MLflowFile, into objects: ObjectStore, scratch: AbsolutePath) throws -> Digest {
        try fileSystem.makeFolders(scratch)
        let temporary = scratch.appending(FileSystem.temporaryName())
        defer { _ = try? fileSystem.removeFile(temporary) }
        let target = try fileSystem.create(temporary, permissions: 0o600)
        let reply = try client.send(HTTPRequest(.get, try HTTPURL(parsing: file.place), headers: headers)) { piece in
            try target.write(piece)
        }
        try check(reply, file.path)
        try target.close()
        return try objects.put(file: temporary)
    }

    /// Not how many traces, which a server would have to hand over to be counted.
    func foreign() throws -> [String: Int] {
        let found = try experiments().filter { experiment in
            let place: JSONValue = .object([
                "type": .string("MLFLOW_EXPERIMENT"),
                "mlflow_experiment": .object(["experiment_id": .string(experiment.id)]),
            ])
            let body = JSONValue.object(["locations": .array([place]), "max_results": .integer(1)])
            let reply = try client.send(
                HTTPRequest(
                    .post, url("/api/3.0/mlflow/traces/search", [:]), headers: headers,
                    body: .bytes(Array(body.text().utf8)),
                    timeout: .seconds(300)))
            // A server without traces does not know the question.
            return reply.status.code == 200
                && (try? JSONValue(parsing: reply.body))?.items("traces").isEmpty == false
        }
        return ["experiments with traces": found.count]
    }

    // MARK: Requests

    private func get(_ path: String, _ query: [String: String]) throws -> JSONValue {
        try answer(HTTPRequest(.get, url(path, query), headers: headers, timeout: .seconds(300)))
    }

    private func url(_ path: String, _ query: [String: String]) -> HTTPURL {
        var url = base
        let prefix = base.encodedPath.hasSuffix("/") ? String(base.encodedPath.dropLast()) : base.encodedPath
        url.encodedPath = prefix + path
        let items = query.sorted { $0.key < $1.key }.map { "\($0.key)=\(PercentEncoding.component.encode($0.value))" }
        url.encodedQuery = items.isEmpty ? nil : items.joined(separator: "&")
        return url
    }

    private func pages(
        _ name: String, _ method: HTTPMethod, _ path: String, _ query: [String: JSONValue], size: Int64
    ) throws -> [JSONValue] {
        var all: [JSONValue] = []
        try forEachPage(name, method, path, query, size: size) { all.append($0) }
        return all
    }

    private func forEachPage(
        _ name: String, _ method: HTTPMethod, _ path: String, _ query: [String: JSONValue], size: Int64,
        _ body: (JSONValue) throws -> Void
    ) throws {
        var query = query
        query["max_results"] = .integer(size)
        repeat {
            let page: JSONValue
            if method == .get {
                page = try get(path, query.mapValues { if case .string(let text) = $0 { text } else { $0.text() } })
            } else {
                var fields = JSONObject()
                for (name, value) in query.sorted(by: { $0.key < $1.key }) { fields[name] = value }
                let bytes = Array(JSONValue.object(fields).text().utf8)
                page = try answer(
                    HTTPRequest(method, url(path, [:]), headers: headers, body: .bytes(bytes), timeout: .seconds(300)))
            }
            for item in page.items(name) { try body(item) }
            query["page_token"] = page.optionalText("next_page_token").map { .string($0) }
        } while query["page_token"] != nil
    }

    private func answer(_ request: HTTPRequest) throws -> JSONValue {
        let reply = try client.send(request)
        try check(reply, request.url.encodedPath)
        guard let value = try? JSONValue(parsing: reply.body) else {
            throw MLflowImportError.refused(
                status: reply.status.code, what: request.url.encodedPath, message: "no JSON")
        }
        return value
    }

    private func check(_ reply: HTTPReply, _ what: String) throws {
        if reply.status.code == 200 { return }
        let message = (try? JSONValue(parsing: reply.body))?.optionalText("message") ?? ""
        throw MLflowImportError.refused(status: reply.status.code, what: what, message: message)
    }
}

extension JSONValue {
    fileprivate subscript(name: String) -> JSONValue? {
        if case .object(let fields) = self { fields[name] } else { nil }
    }

    fileprivate func optionalText(_ name: String) -> String? {
        switch self[name] {
        case .string(let text)?: text.isEmpty ? nil : text
        case .integer(let number)?: String(number)
        default: nil
        }
    }

    fileprivate func text(_ name: String) -> String { optionalText(name) ?? "" }

    fileprivate func number(_ name: String) -> Int64? {
        switch self[name] {
        case .integer(let number)?: number
        case .string(let text)?: Int64(text)
        case .number(let number)?: Int64(exactly: number)
        default: nil
        }
    }

    fileprivate func items(_ name: String) -> [JSONValue] {
        if case .array(let items)? = self[name] { items } else { [] }
    }

    fileprivate func tags(_ name: String) -> [Tag] {
        items(name).map { Tag(key: $0.text("key"), value: $0.text("value")) }
    }

    fileprivate func point() -> MetricPoint {
        let value: Double =
            switch self["value"] {
            case .number(let number)?: unclamped(number)
            case .integer(let number)?: Double(number)
            case .string(let text)?: Double(text) ?? .nan
            default: 0
            }
        return MetricPoint(
            step: number("step") ?? 0, timestamp: Timestamp(milliseconds: number("timestamp") ?? 0), value: value)
    }

    fileprivate func modelVersion() -> ModelVersion {
        var version = ModelVersion(
            model: text("name"), source: text("source"),
            createdAt: Timestamp(milliseconds: number("creation_timestamp") ?? 0), description: text("description"),
            user: optionalText("user_id"), run: text("run_id"), runLink: text("run_link"),
            loggedModel: optionalText("model_id"), tags: tags("tags"))
        version.number = Int64(text("version")) ?? 0
        version.updatedAt = Timestamp(milliseconds: number("last_updated_timestamp") ?? 0)
        version.stage = ModelStage(rawValue: text("current_stage")) ?? .none
        return version
    }
}
