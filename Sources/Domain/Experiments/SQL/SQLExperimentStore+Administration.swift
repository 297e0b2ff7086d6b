package import Diagnostics
import SQL

/// Experiments as clients of a server change them, and batches of a run.
extension SQLExperimentStore: ExperimentAdministration {
    package func createExperiment(_ new: NewExperiment) throws -> ExperimentDetails {
        if new.name.isEmpty { throw ExperimentError.emptyExperimentName }
        return try database.write { connection in
            if try connection.experimentDetails("name = ?", .text(new.name)).first != nil {
                throw ExperimentError.experimentExists(name: new.name)
            }
            let id = try connection.number(
                """
                INSERT INTO experiments (name, created_ms, updated_ms, artifact_location) VALUES (?, ?, ?, ?)
                RETURNING id
                """, .text(new.name), .integer(new.createdAt.milliseconds), .integer(new.createdAt.milliseconds),
                SQLValue(new.artifactLocation))
            try connection.setExperimentTags(new.tags, id)
            return try connection.experimentDetails(ExperimentID(id))
        }
    }

    package func experimentDetails(_ id: ExperimentID) throws -> ExperimentDetails? {
        try database.read { try $0.experimentDetails("id = ?", .integer(id.number)).first }
    }

    package func experimentDetails(named name: String) throws -> ExperimentDetails? {
        try database.read { try $0.experimentDetails("name = ?", .text(name)).first }
    }

    package func allExperimentDetails() throws -> [ExperimentDetails] {
        try database.read { try $0.experimentDetails("TRUE ORDER BY id") }
    }

    package func renameExperiment(_ id: ExperimentID, to name: String, at moment: Timestamp) throws {
        if name.isEmpty { throw ExperimentError.emptyExperimentName }
        try database.write { connection in
            let details = try connection.experimentDetails(id)
            if details.experiment.deletedAt != nil {
                throw ExperimentError.experimentDeleted(name: details.experiment.name)
            }
            if let other = try connection.experimentDetails("name = ?", .text(name)).first, other.experiment.id != id {
                throw ExperimentError.experimentExists(name: name)
            }
            try connection.execute(
                "UPDATE experiments SET name = ?, updated_ms = ? WHERE id = ?", .text(name),
                .integer(moment.milliseconds), .integer(id.number))
        }
    }

    package func deleteExperiment(_ id: ExperimentID, at moment: Timestamp) throws {
        try database.write { connection in
            _ = try connection.experimentDetails(id)
            try connection.execute(
                "UPDATE experiments SET deleted_ms = coalesce(deleted_ms, ?), updated_ms = ? WHERE id = ?",
                .integer(moment.milliseconds), .integer(moment.milliseconds), .integer(id.number))
            try connection.execute(
                "UPDATE runs SET deleted_ms = coalesce(deleted_ms, ?) WHERE experiment = ?",
                .integer(moment.milliseconds), .integer(id.number))
        }
    }

    package func restoreExperiment(_ id: ExperimentID, at moment: Timestamp) throws {
        try database.write { connection in
            _ = try connection.experimentDetails(id)
            try connection.execute(
                "UPDATE experiments SET deleted_ms = NULL, updated_ms = ? WHERE id = ?",
                .integer(moment.milliseconds), .integer(id.number))
            try connection.execute("UPDATE runs SET deleted_ms = NULL WHERE experiment = ?", .integer(id.number))
        }
    }

    package func setTags(_ tags: [Tag], experiment id: ExperimentID, at moment: Timestamp) throws {
        try database.write { connection in
            let details = try connection.experimentDetails(id)
            if details.experiment.deletedAt != nil {
                throw ExperimentError.experimentDeleted(name: details.experiment.name)
            }
            try connection.setExperimentTags(tags, id.number)
            try connection.touchExperiment(id, at: moment)
        }
    }

    package func removeTag(_ key: String, experiment id: ExperimentID, at moment: Timestamp) throws -> Bool {
        try database.write { connection in
            _ = try connection.experimentDetails(id)
            let wasThere =
                try connection.execute(
                    "DELETE FROM experiment_tags WHERE experiment = ? AND key = ?", .integer(id.number), .text(key)) > 0
            if wasThere { try connection.touchExperiment(id, at: moment) }
            return wasThere
        }
    }

    package func removeTag(_ key: String, run: RunID) throws -> Bool {
        try database.write { connection in
            let run = try connection.writableRunNumber(run)
            guard let key = try connection.keyNumber(key) else { return false }
            return try connection.execute(
                "DELETE FROM tags WHERE run = ? AND key = ?", .integer(run), .integer(key)) > 0
        }
    }

    package func tidy() throws {
        try foldInbox()
        try database.checkpoint()
    }
}

extension SQLConnection {
    fileprivate func experimentDetails(_ id: ExperimentID) throws -> ExperimentDetails {
        guard let details = try experimentDetails("id = ?", .integer(id.number)).first else {
            throw ExperimentError.noSuchExperiment(name: id.description, nearest: nil)
        }
        return details
    }

    fileprivate func experimentDetails(_ condition: String, _ values: SQLValue...) throws -> [ExperimentDetails] {
        try all(
            """
            SELECT id, name, created_ms, deleted_ms, coalesce(updated_ms, created_ms), artifact_location
            FROM experiments WHERE \(condition)
            """, values
        ) { row in
            ExperimentDetails(
                experiment: Experiment(row: row), updatedAt: Timestamp(milliseconds: row.integer(4)),
                artifactLocation: row.optionalText(5),
                tags: try all(
                    "SELECT key, value FROM experiment_tags WHERE experiment = ? ORDER BY key", .integer(row.integer(0))
                ) { Tag(key: $0.text(0), value: $0.text(1)) })
        }
    }

    fileprivate func setExperimentTags(_ tags: [Tag], _ id: Int64) throws {
        try insert(
            "INSERT INTO experiment_tags",
            rows: tags.lastOfEachKey.map { [.integer(id), .text($0.key), .text($0.value)] },
            "ON CONFLICT (experiment, key) DO UPDATE SET value = excluded.value")
    }

    fileprivate func touchExperiment(_ id: ExperimentID, at moment: Timestamp) throws {
        try execute(
            "UPDATE experiments SET updated_ms = ? WHERE id = ?", .integer(moment.milliseconds), .integer(id.number))
    }
}
