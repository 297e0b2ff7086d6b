import SQL

/// Removing runs for good.
extension SQLExperimentStore {
    package func purgeRuns(_ ids: [RunID]) throws {
        try database.write { connection in
            // What waits for a run would otherwise be folded into one that is gone.
            try connection.foldInbox()
            for id in ids { try connection.purge(id) }
        }
    }
}

extension SQLConnection {
    /// Each before what it refers to. Files of stages go with these.
    private static var tablesOfRuns: [String] {
        [
            "points", "chunks", "series", "params", "tags", "stages", "run_datasets", "run_input_models",
            "run_output_models",
        ]
    }

    fileprivate func purge(_ id: RunID) throws {
        let found = try first("SELECT number, deleted_ms FROM runs WHERE id = ?", .text(id.text)) {
            (number: $0.integer(0), isDeleted: !$0.isNull(1))
        }
        guard let found else { throw ExperimentError.noSuchRun(reference: id.text, nearest: nil) }
        if !found.isDeleted { throw ExperimentError.runNotDeleted(id) }
        let datasets = try all("SELECT dataset FROM run_datasets WHERE run = ?", .integer(found.number)) {
            $0.integer(0)
        }
        for table in Self.tablesOfRuns {
            try execute("DELETE FROM \(table) WHERE run = ?", .integer(found.number))
        }
        for dataset in datasets {
            try execute(
                "DELETE FROM datasets WHERE number = ? AND NOT EXISTS (SELECT 1 FROM run_datasets WHERE dataset = ?)",
                .integer(dataset), .integer(dataset))
        }
        try removeArtifacts(atOrBelow: artifactFolder(of: id))
        try execute("DELETE FROM runs WHERE number = ?", .integer(found.number))
    }
}
