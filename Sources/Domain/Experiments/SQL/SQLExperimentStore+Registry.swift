package import Diagnostics
import SQL

extension SQLExperimentStore: ModelRegistry {
    package func createModel(_ model: RegisteredModel) throws {
        try database.write { connection in
            if try connection.modelNumber(model.name) != nil { throw ModelError.modelExists(model.name) }
            let number = try connection.number(
                """
                INSERT INTO registered_models (name, created_ms, updated_ms, description, "user")
                VALUES (?, ?, ?, ?, ?) RETURNING number
                """, .text(model.name), .integer(model.createdAt.milliseconds),
                .integer(model.updatedAt.milliseconds), .text(model.description), SQLValue(model.user))
            try connection.put(model.tags, model: number)
        }
    }

    package func model(named name: String) throws -> RegisteredModel? {
        try database.read { try $0.models("name = ?", [.text(name)]).first }
    }

    package func models() throws -> [RegisteredModel] {
        try database.read { try $0.models("TRUE ORDER BY name", []) }
    }

    package func renameModel(_ name: String, to newName: String, at moment: Timestamp) throws {
        try change(name, at: moment) { connection, number in
            if newName != name, try connection.modelNumber(newName) != nil { throw ModelError.modelExists(newName) }
            try connection.execute(
                "UPDATE registered_models SET name = ? WHERE number = ?", .text(newName), .integer(number))
            try connection.execute(
                "UPDATE model_versions SET updated_ms = ? WHERE model = ?", .integer(moment.milliseconds),
                .integer(number))
        }
    }

    package func describeModel(_ name: String, _ description: String, at moment: Timestamp) throws {
        try change(name, at: moment) { connection, number in
            try connection.execute(
                "UPDATE registered_models SET description = ? WHERE number = ?", .text(description), .integer(number))
        }
    }

    package func deleteModel(_ name: String) throws {
        try change(name) { try $0.execute("DELETE FROM registered_models WHERE number = ?", .integer($1)) }
    }

    package func setTags(_ tags: [Tag], model: String) throws {
        try change(model) { try $0.put(tags, model: $1) }
    }

    package func removeTag(_ key: String, model: String) throws {
        try change(model) { connection, number in
            try connection.execute(
                "DELETE FROM registered_model_tags WHERE model = ? AND key = ?", .integer(number), .text(key))
        }
    }

    package func setAlias(_ alias: String, model: String, version: Int64) throws {
        try change(model) { connection, number in
            try connection.requireVersion(version, number, model)
            try connection.execute(
                """
                INSERT INTO model_aliases VALUES (?, ?, ?)
                ON CONFLICT (model, alias) DO UPDATE SET version = excluded.version
                """, .integer(number), .text(alias), .integer(version))
        }
    }

    package func removeAlias(_ alias: String, model: String) throws {
        try change(model) { connection, number in
            try connection.execute(
                "DELETE FROM model_aliases WHERE model = ? AND alias = ?", .integer(number), .text(alias))
        }
    }

    /// Finds the model and runs `body` in one transaction; `moment` is when the model was last changed.
    private func change(
        _ model: String, at moment: Timestamp? = nil, _ body: (any SQLConnection, Int64) throws -> Void
    ) throws {
        try database.write { connection in
            guard let number = try connection.modelNumber(model) else { throw ModelError.noSuchModel(model) }
            try body(connection, number)
            if let moment { try connection.touchModel(number, at: moment) }
        }
    }

    // MARK: Versions

    package func createVersion(_ version: ModelVersion) throws -> ModelVersion {
        try database.write { connection in
            guard let model = try connection.modelNumber(version.model) else {
                throw ModelError.noSuchModel(version.model)
            }
            try connection.execute(
                "UPDATE registered_models SET last_version = last_version + 1 WHERE number = ?", .integer(model))
            try connection.touchModel(model, at: version.createdAt)
            let last = try connection.first(
                "SELECT last_version FROM registered_models WHERE number = ?", .integer(model)
            ) {
                $0.integer(0)
            }
            var made = version
            made.number = last ?? 1
            try connection.insert(made, model: model)
            return made
        }
    }

    /// Adds a version with the number that it has, as it was elsewhere; false if the model has one of that number.
    package func addVersion(_ version: ModelVersion) throws -> Bool {
        try database.write { connection in
            guard let model = try connection.modelNumber(version.model) else {
                throw ModelError.noSuchModel(version.model)
            }
            if try connection.hasVersion(version.number, model) { return false }
            try connection.execute(
                """
                UPDATE registered_models SET last_version = CASE WHEN last_version < ?1 THEN ?1 ELSE last_version END
                WHERE number = ?2
                """, .integer(version.number), .integer(model))
            try connection.insert(version, model: model)
            return true
        }
    }

    package func version(_ number: Int64, model: String) throws -> ModelVersion? {
        try database.read { try $0.versions("m.name = ? AND v.version = ?", [.text(model), .integer(number)]).first }
    }

    package func versions(model: String?) throws -> [ModelVersion] {
        try database.read { connection in
            if let model { return try connection.versions("m.name = ? ORDER BY v.version", [.text(model)]) }
            return try connection.versions("TRUE ORDER BY m.name, v.version", [])
        }
    }

    package func describeVersion(
        _ number: Int64, model: String, _ description: String, at moment: Timestamp
    ) throws {
        try change(model) { connection, modelNumber in
            try connection.requireVersion(number, modelNumber, model)
            try connection.execute(
                "UPDATE model_versions SET description = ?, updated_ms = ? WHERE model = ? AND version = ?",
                .text(description), .integer(moment.milliseconds), .integer(modelNumber), .integer(number))
        }
    }

    package func changeStage(
        _ number: Int64, model: String, to stage: ModelStage, archivingOthers: Bool, at moment: Timestamp
    ) throws {
        try change(model, at: moment) { connection, modelNumber in
            try connection.requireVersion(number, modelNumber, model)
            if archivingOthers {
                try connection.execute(
                    "UPDATE model_versions SET stage = ?, updated_ms = ? WHERE model = ? AND stage = ? AND version != ?",
                    .text(ModelStage.archived.rawValue), .integer(moment.milliseconds), .integer(modelNumber),
                    .text(stage.rawValue), .integer(number))
            }
            try connection.execute(
                "UPDATE model_versions SET stage = ?, updated_ms = ? WHERE model = ? AND version = ?",
                .text(stage.rawValue), .integer(moment.milliseconds), .integer(modelNumber), .integer(number))
        }
    }

    package func deleteVersion(_ number: Int64, model: String) throws {
        try change(model) { connection, modelNumber in
            try connection.requireVersion(number, modelNumber, model)
            try connection.execute(
                "DELETE FROM model_versions WHERE model = ? AND version = ?", .integer(modelNumber), .integer(number))
        }
    }

    package func setTags(_ tags: [Tag], model: String, version: Int64) throws {
        try change(model) { connection, number in
            try connection.requireVersion(version, number, model)
            try connection.put(tags, model: number, version: version)
        }
    }

    package func removeTag(_ key: String, model: String, version: Int64) throws {
        try change(model) { connection, number in
            try connection.requireVersion(version, number, model)
            try connection.execute(
                "DELETE FROM model_version_tags WHERE model = ? AND version = ? AND key = ?", .integer(number),
                .integer(version), .text(key))
        }
    }
}

extension SQLConnection {
    fileprivate func modelNumber(_ name: String) throws -> Int64? {
        try first("SELECT number FROM registered_models WHERE name = ?", .text(name)) { $0.integer(0) }
    }

    fileprivate func touchModel(_ number: Int64, at moment: Timestamp) throws {
        try execute(
            "UPDATE registered_models SET updated_ms = ? WHERE number = ?", .integer(moment.milliseconds),
            .integer(number))
    }

    fileprivate func hasVersion(_ version: Int64, _ model: Int64) throws -> Bool {
        try first("SELECT 1 FROM model_versions WHERE model = ? AND version = ?", .integer(model), .integer(version)) {
            _ in true
        } ?? false
    }

    fileprivate func requireVersion(_ version: Int64, _ model: Int64, _ name: String) throws {
        if try !hasVersion(version, model) { throw ModelError.noSuchVersion(model: name, version: version) }
    }

    fileprivate func insert(_ version: ModelVersion, model: Int64) throws {
        try execute(
            "INSERT INTO model_versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", .integer(model),
            .integer(version.number), .integer(version.createdAt.milliseconds),
            .integer(version.updatedAt.milliseconds), .text(version.description), SQLValue(version.user),
            .text(version.stage.rawValue), .text(version.source), SQLValue(version.storageLocation),
            .text(version.run), .text(version.runLink), SQLValue(version.loggedModel))
        try put(version.tags, model: model, version: version.number)
    }

    fileprivate func put(_ tags: [Tag], model: Int64) throws {
        try insert(
            "INSERT INTO registered_model_tags",
            rows: tags.lastOfEachKey.map { [.integer(model), .text($0.key), .text($0.value)] },
            "ON CONFLICT (model, key) DO UPDATE SET value = excluded.value")
    }

    fileprivate func put(_ tags: [Tag], model: Int64, version: Int64) throws {
        try insert(
            "INSERT INTO model_version_tags",
            rows: tags.lastOfEachKey.map { [.integer(model), .integer(version), .text($0.key), .text($0.value)] },
            "ON CONFLICT (model, version, key) DO UPDATE SET value = excluded.value")
    }

    fileprivate func models(_ condition: String, _ values: [SQLValue]) throws -> [RegisteredModel] {
        try all(
            """
            SELECT number, name, created_ms, updated_ms, description, "user" FROM registered_models WHERE \(condition)
            """, values
        ) { row in
            let number = SQLValue.integer(row.integer(0))
            var model = RegisteredModel(
                name: row.text(1), createdAt: Timestamp(milliseconds: row.integer(2)), description: row.text(4),
                user: row.optionalText(5),
                tags: try all("SELECT key, value FROM registered_model_tags WHERE model = ? ORDER BY key", number) {
                    Tag(key: $0.text(0), value: $0.text(1))
                })
            model.updatedAt = Timestamp(milliseconds: row.integer(3))
            model.aliases = try all("SELECT alias, version FROM model_aliases WHERE model = ? ORDER BY alias", number) {
                ModelAlias(alias: $0.text(0), version: $0.integer(1))
            }
            return model
        }
    }

    fileprivate func versions(_ condition: String, _ values: [SQLValue]) throws -> [ModelVersion] {
        try all(
            """
            SELECT m.name, v.version, v.created_ms, v.updated_ms, v.description, v."user", v.stage, v.source,
                v.storage_location, v.run, v.run_link, v.logged_model, v.model
            FROM model_versions v JOIN registered_models m ON m.number = v.model WHERE \(condition)
            """, values
        ) { row in
            guard let stage = ModelStage(rawValue: row.text(6)) else {
                throw ExperimentError.damagedRecord(what: "model stage", value: row.text(6))
            }
            let place: [SQLValue] = [.integer(row.integer(12)), .integer(row.integer(1))]
            var version = ModelVersion(
                model: row.text(0), source: row.text(7), createdAt: Timestamp(milliseconds: row.integer(2)),
                description: row.text(4), user: row.optionalText(5), storageLocation: row.optionalText(8),
                run: row.text(9), runLink: row.text(10), loggedModel: row.optionalText(11),
                tags: try all(
                    "SELECT key, value FROM model_version_tags WHERE model = ? AND version = ? ORDER BY key", place
                ) { Tag(key: $0.text(0), value: $0.text(1)) })
            version.number = row.integer(1)
            version.updatedAt = Timestamp(milliseconds: row.integer(3))
            version.stage = stage
            version.aliases = try all(
                "SELECT alias FROM model_aliases WHERE model = ? AND version = ? ORDER BY alias", place
            ) { $0.text(0) }
            return version
        }
    }
}
