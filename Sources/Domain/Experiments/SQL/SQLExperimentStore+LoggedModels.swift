package import Diagnostics
import SQL

extension SQLExperimentStore: LoggedModelStore {
    package func createLoggedModel(_ model: LoggedModel) throws {
        try database.write { connection in
            let number = try connection.number(
                """
                INSERT INTO logged_models (id, experiment, name, type, status, source_run, created_ms, updated_ms)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING number
                """, .text(model.id), .integer(model.experiment.number), .text(model.name), SQLValue(model.type),
                .text(model.status.rawValue), SQLValue(model.sourceRun?.text),
                .integer(model.createdAt.milliseconds), .integer(model.updatedAt.milliseconds))
            try connection.put(model.tags, into: "logged_model_tags", number)
            try connection.put(model.params, into: "logged_model_params", number)
        }
    }

    package func loggedModel(_ id: String) throws -> LoggedModel? {
        try database.read { try $0.loggedModels("id = ?", [.text(id)]).first }
    }

    package func loggedModels(experiments: [ExperimentID]) throws -> [LoggedModel] {
        try database.read { connection in
            try connection.loggedModels(
                "\(isOne(of: experiments, "experiment")) AND deleted_ms IS NULL ORDER BY created_ms DESC, id", [])
        }
    }

    package func setStatus(_ status: LoggedModelStatus, loggedModel id: String, at moment: Timestamp) throws {
        try change(id, at: moment) { connection, number in
            try connection.execute(
                "UPDATE logged_models SET status = ? WHERE number = ?", .text(status.rawValue), .integer(number))
        }
    }

    package func setTags(_ tags: [Tag], loggedModel id: String, at moment: Timestamp) throws {
        try change(id, at: moment) { try $0.put(tags, into: "logged_model_tags", $1) }
    }

    package func removeTag(_ key: String, loggedModel id: String, at moment: Timestamp) throws -> Bool {
        try change(id, at: moment) { connection, number in
            try connection.execute(
                "DELETE FROM logged_model_tags WHERE model = ? AND key = ?", .integer(number), .text(key)) > 0
        }
    }

    package func logParams(_ params: [Tag], loggedModel id: String, at moment: Timestamp) throws {
        try change(id, at: moment) { try $0.put(params, into: "logged_model_params", $1) }
    }

    package func logMetrics(_ metrics: [ModelMetric], loggedModel id: String) throws {
        try change(id, at: nil) { connection, number in
            for metric in metrics {
                try connection.execute(
                    "INSERT INTO logged_model_metrics VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    .integer(number),
                    .text(metric.key), .integer(metric.point.step), .integer(metric.point.timestamp.milliseconds),
                    storedMetricValue(metric.point.value), .text(metric.run?.text ?? ""),
                    .text(metric.datasetName ?? ""), .text(metric.datasetDigest ?? ""))
            }
        }
    }

    package func deleteLoggedModel(_ id: String, at moment: Timestamp) throws {
        try change(id, at: moment) { connection, number in
            try connection.execute(
                "UPDATE logged_models SET deleted_ms = ? WHERE number = ?", .integer(moment.milliseconds),
                .integer(number))
        }
    }

    @discardableResult
    private func change<Result: Sendable>(
        _ id: String, at moment: Timestamp?, _ body: (any SQLConnection, Int64) throws -> Result
    ) throws -> Result {
        try database.write { connection in
            let found = try connection.first(
                "SELECT number FROM logged_models WHERE id = ? AND deleted_ms IS NULL", .text(id)
            ) { $0.integer(0) }
            guard let number = found else { throw ModelError.noSuchLoggedModel(id) }
            if let moment {
                try connection.execute(
                    "UPDATE logged_models SET updated_ms = ? WHERE number = ?", .integer(moment.milliseconds),
                    .integer(number))
            }
            return try body(connection, number)
        }
    }
}

extension SQLConnection {
    /// Sets each key of a table with the columns model, key and value.
    fileprivate func put(_ tags: [Tag], into table: String, _ model: Int64) throws {
        try insert(
            "INSERT INTO \(table)", rows: tags.lastOfEachKey.map { [.integer(model), .text($0.key), .text($0.value)] },
            "ON CONFLICT (model, key) DO UPDATE SET value = excluded.value")
    }

    fileprivate func loggedModels(_ condition: String, _ values: [SQLValue]) throws -> [LoggedModel] {
        try all(
            """
            SELECT number, id, experiment, name, type, status, source_run, created_ms, updated_ms, deleted_ms
            FROM logged_models WHERE \(condition)
            """, values
        ) { row in
            let number = row.integer(0)
            guard let status = LoggedModelStatus(rawValue: row.text(5)) else {
                throw ExperimentError.damagedRecord(what: "model status", value: row.text(5))
            }
            var model = LoggedModel(
                id: row.text(1), experiment: ExperimentID(row.integer(2)), name: row.text(3), type: row.optionalText(4),
                sourceRun: row.optionalText(6).map { RunID($0) },
                createdAt: Timestamp(milliseconds: row.integer(7)), tags: try pairs("logged_model_tags", number),
                params: try pairs("logged_model_params", number))
            model.status = status
            model.updatedAt = Timestamp(milliseconds: row.integer(8))
            model.deletedAt = row.optionalInteger(9).map { Timestamp(milliseconds: $0) }
            model.metrics = try modelMetrics(number)
            return model
        }
    }

    private func pairs(_ table: String, _ model: Int64) throws -> [Tag] {
        try all("SELECT key, value FROM \(table) WHERE model = ? ORDER BY key", .integer(model)) {
            Tag(key: $0.text(0), value: $0.text(1))
        }
    }

    private func modelMetrics(_ model: Int64) throws -> [ModelMetric] {
        try all(
            """
            SELECT key, step, timestamp_ms, value, run, dataset_name, dataset_digest FROM logged_model_metrics
            WHERE model = ? ORDER BY key, step, timestamp_ms, value
            """, .integer(model)
        ) { row in
            let point = MetricPoint(
                step: row.integer(1), timestamp: Timestamp(milliseconds: row.integer(2)), value: row.metricValue(3))
            return ModelMetric(
                key: row.text(0), point: point, run: row.text(4).isEmpty ? nil : RunID(row.text(4)),
                datasetName: row.text(5).isEmpty ? nil : row.text(5),
                datasetDigest: row.text(6).isEmpty ? nil : row.text(6))
        }
    }
}
