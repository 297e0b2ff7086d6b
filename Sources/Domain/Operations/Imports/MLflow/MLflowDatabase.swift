import Diagnostics
import Experiments
import Files
import JSON
import Objects
import SQL
import SQLite

/// The SQLite file of an MLflow server, of MLflow 2 or 3.
struct MLflowDatabase: MLflowSource {
    private let database: Database
    private let artifacts: MLflowFiles
    private let tables: Set<String>

    init(_ file: AbsolutePath, artifacts: MLflowFiles) throws {
        // A log beside it is read, too, which needs a file of shared memory.
        database = try Database(path: file.bytes, options: DatabaseOptions(access: .readWrite))
        self.artifacts = artifacts
        tables = try database.read { connection in
            Set(try connection.all("SELECT name FROM sqlite_schema WHERE type = 'table'") { $0.text(0) })
        }
        if !tables.isSuperset(of: ["experiments", "runs", "metrics", "params", "tags"]) {
            throw MLflowImportError.notMLflow(file.description)
        }
    }

    func experiments() throws -> [MLflowExperiment] {
        try database.read { connection in
            try connection.all(
                """
                SELECT experiment_id, name, artifact_location, lifecycle_stage, creation_time FROM experiments
                ORDER BY experiment_id
                """
            ) { row in
                MLflowExperiment(
                    id: row.text(0), name: row.text(1), artifactLocation: row.text(2),
                    isDeleted: row.text(3) == "deleted", createdMilliseconds: row.integer(4),
                    tags: try connection.tags(
                        "SELECT key, value FROM experiment_tags WHERE experiment_id = ?", .integer(row.integer(0))))
            }
        }
    }

    func forEachRun(of experiment: MLflowExperiment, _ body: (MLflowRun) throws -> Void) throws {
        let ids = try database.read { connection in
            try connection.all(
                "SELECT run_uuid FROM runs WHERE experiment_id = ? ORDER BY start_time, run_uuid",
                .integer(Int64(experiment.id) ?? -1)
            ) { $0.text(0) }
        }
        for id in ids {
            if let run = try database.read({ try run(id, $0) }) { try body(run) }
        }
    }

    private func run(_ id: String, _ connection: any SQLConnection) throws -> MLflowRun? {
        let key = SQLValue.text(id)
        var run = try connection.first(
            """
            SELECT name, user_id, status, start_time, end_time, lifecycle_stage, artifact_uri FROM runs
            WHERE run_uuid = ?
            """, key
        ) { row in
            MLflowRun(
                id: id, name: row.text(0), user: row.text(1), status: row.text(2), startMilliseconds: row.integer(3),
                endMilliseconds: row.optionalInteger(4), isDeleted: row.text(5) == "deleted", artifactURI: row.text(6))
        }
        run?.params = try connection.tags("SELECT key, value FROM params WHERE run_uuid = ? ORDER BY key", key)
        run?.tags = try connection.tags("SELECT key, value FROM tags WHERE run_uuid = ? ORDER BY key", key)
        run?.metricKeys = try connection.all(
            "SELECT DISTINCT key FROM metrics WHERE run_uuid = ? ORDER BY key", key
        ) { $0.text(0) }
        if tables.isSuperset(of: ["inputs", "datasets", "input_tags"]) { try addInputs(to: &run, connection) }
        return run
    }

    private func addInputs(to run: inout MLflowRun?, _ connection: any SQLConnection) throws {
        guard let id = run?.id else { return }
        run?.datasets = try connection.all(
            """
            SELECT d.name, d.digest, d.dataset_source_type, d.dataset_source, d.dataset_schema, d.dataset_profile,
                i.input_uuid
            FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id
            WHERE i.destination_type = 'RUN' AND i.destination_id = ? AND i.source_type = 'DATASET' ORDER BY d.name
            """, .text(id)
        ) { row in
            DatasetUse(
                dataset: Dataset(
                    name: row.text(0), digest: row.text(1), sourceType: row.text(2), source: row.text(3),
                    schema: row.optionalText(4), profile: row.optionalText(5)),
                tags: try connection.tags(
                    "SELECT name, value FROM input_tags WHERE input_uuid = ? ORDER BY name", .text(row.text(6))))
        }
        run?.inputModels = try connection.all(
            """
            SELECT destination_id FROM inputs
            WHERE source_type = 'RUN_INPUT' AND source_id = ? AND destination_type = 'MODEL_INPUT'
            """, .text(id)
        ) { $0.text(0) }
        guard try connection.hasColumn("step", of: "inputs") else { return }
        run?.outputModels = try connection.all(
            """
            SELECT destination_id, step FROM inputs
            WHERE source_type = 'RUN_OUTPUT' AND source_id = ? AND destination_type = 'MODEL_OUTPUT'
            """, .text(id)
        ) { ModelOutput(model: $0.text(0), step: $0.integer(1)) }
    }

    func points(of run: MLflowRun, key: String) throws -> [MetricPoint] {
        try database.read { connection in
            try connection.all(
                "SELECT step, timestamp, value, is_nan FROM metrics WHERE run_uuid = ? AND key = ?", .text(run.id),
                .text(key)
            ) { row in
                MetricPoint(
                    step: row.integer(0), timestamp: Timestamp(milliseconds: row.integer(1)),
                    value: row.integer(3) != 0 ? .nan : unclamped(row.double(2)))
            }
        }
    }

    func loggedModels(of experiment: MLflowExperiment) throws -> [MLflowLoggedModel] {
        if !tables.contains("logged_models") { return [] }
        return try database.read { connection in
            try connection.all(
                """
                SELECT model_id, name, model_type, source_run_id, creation_timestamp_ms, status, lifecycle_stage,
                    last_updated_timestamp_ms, artifact_location
                FROM logged_models WHERE experiment_id = ? ORDER BY creation_timestamp_ms, model_id
                """, .integer(Int64(experiment.id) ?? -1)
            ) { row in
                let id = SQLValue.text(row.text(0))
                var model = LoggedModel(
                    id: row.text(0), experiment: ExperimentID(0), name: row.text(1),
                    type: row.optionalText(2).flatMap { $0.isEmpty ? nil : $0 },
                    sourceRun: row.optionalText(3).flatMap { $0.isEmpty ? nil : RunID($0) },
                    createdAt: Timestamp(milliseconds: row.integer(4)),
                    tags: try connection.tags(
                        "SELECT tag_key, tag_value FROM logged_model_tags WHERE model_id = ? ORDER BY tag_key", id),
                    params: try connection.tags(
                        "SELECT param_key, param_value FROM logged_model_params WHERE model_id = ? ORDER BY param_key",
                        id))
                model.status = row.integer(5) == 2 ? .ready : row.integer(5) == 3 ? .failed : .pending
                model.updatedAt = Timestamp(milliseconds: row.integer(7))
                if row.text(6) == "deleted" { model.deletedAt = model.updatedAt }
                model.metrics = try connection.modelMetrics(id)
                return MLflowLoggedModel(model: model, artifactURI: row.text(8))
            }
        }
    }

    func registeredModels() throws -> [MLflowRegisteredModel] {
        if !tables.contains("registered_models") { return [] }
        return try database.read { connection in
            try connection.all(
                "SELECT name, creation_time, last_updated_time, description FROM registered_models ORDER BY name"
            ) { row in
                let name = SQLValue.text(row.text(0))
                var model = RegisteredModel(
                    name: row.text(0), createdAt: Timestamp(milliseconds: row.integer(1)), description: row.text(3),
                    tags: try connection.tags(
                        "SELECT key, value FROM registered_model_tags WHERE name = ? ORDER BY key", name))
                model.updatedAt = Timestamp(milliseconds: row.integer(2))
                if tables.contains("registered_model_aliases") {
                    model.aliases = try connection.all(
                        "SELECT alias, version FROM registered_model_aliases WHERE name = ? ORDER BY alias", name
                    ) { ModelAlias(alias: $0.text(0), version: $0.integer(1)) }
                }
                return MLflowRegisteredModel(model: model, versions: try connection.modelVersions(name))
            }
        }
    }

    func foreign() throws -> [String: Int] {
        let kinds = [
            "trace_info": "traces", "evaluation_datasets": "evaluation datasets", "scorers": "scorers",
            "webhooks": "webhooks",
        ]
        return try database.read { connection in
            var counts: [String: Int] = [:]
            for (table, what) in kinds where tables.contains(table) {
                counts[what] = try connection.first("SELECT count(*) FROM \(table)") { Int($0.integer(0)) }
            }
            return counts
        }
    }

    func files(of owner: MLflowArtifactOwner) throws -> [MLflowFile]? { try artifacts.files(at: owner.uri) }

    func store(_ file: MLflowFile, into objects: ObjectStore, scratch: AbsolutePath) throws -> Digest {
        try artifacts.store(file, into: objects)
    }
}

/// MLflow's databases hold the largest numbers for the infinities.
func unclamped(_ value: Double) -> Double {
    abs(value) == .greatestFiniteMagnitude ? (value < 0 ? -.infinity : .infinity) : value
}

extension SQLConnection {
    fileprivate func tags(_ sql: String, _ value: SQLValue) throws -> [Tag] {
        try all(sql, value) { Tag(key: $0.text(0), value: $0.text(1)) }
    }

    fileprivate func hasColumn(_ column: String, of table: String) throws -> Bool {
        try first("SELECT 1 FROM pragma_table_info(?) WHERE name = ?", .text(table), .text(column)) { _ in true }
            ?? false
    }

    fileprivate func modelMetrics(_ model: SQLValue) throws -> [ModelMetric] {
        try all(
            """
            SELECT m.metric_name, m.metric_step, m.metric_timestamp_ms, m.metric_value, m.run_id, d.name, d.digest
            FROM logged_model_metrics m LEFT JOIN datasets d ON d.dataset_uuid = m.dataset_uuid WHERE m.model_id = ?
            """, model
        ) { row in
            ModelMetric(
                key: row.text(0),
                point: MetricPoint(
                    step: row.integer(1), timestamp: Timestamp(milliseconds: row.integer(2)),
                    value: row.optionalDouble(3).map(unclamped) ?? .nan),
                run: row.optionalText(4).map { RunID($0) }, datasetName: row.optionalText(5),
                datasetDigest: row.optionalText(6))
        }
    }

    fileprivate func modelVersions(_ name: SQLValue) throws -> [ModelVersion] {
        let hasLocation = try hasColumn("storage_location", of: "model_versions")
        return try all(
            """
            SELECT name, version, creation_time, last_updated_time, description, current_stage, source, run_id, run_link,
                \(hasLocation ? "storage_location" : "NULL")
            FROM model_versions WHERE name = ? AND current_stage != 'Deleted_Internal' ORDER BY version
            """, name
        ) { row in
            var version = ModelVersion(
                model: row.text(0), source: row.text(6), createdAt: Timestamp(milliseconds: row.integer(2)),
                description: row.text(4), storageLocation: row.optionalText(9), run: row.text(7), runLink: row.text(8),
                tags: try all(
                    "SELECT key, value FROM model_version_tags WHERE name = ? AND version = ? ORDER BY key", name,
                    .integer(row.integer(1))
                ) { Tag(key: $0.text(0), value: $0.text(1)) })
            version.number = row.integer(1)
            version.updatedAt = Timestamp(milliseconds: row.integer(3))
            version.stage = ModelStage(rawValue: row.text(5)) ?? .none
            if version.source.hasPrefix("models:/m-") { version.loggedModel = String(version.source.dropFirst(8)) }
            return version
        }
    }
}
