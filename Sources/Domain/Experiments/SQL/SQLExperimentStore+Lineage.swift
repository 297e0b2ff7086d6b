import JSON
import SQL

extension SQLExperimentStore: LineageStore {
    package func logInputs(_ datasets: [DatasetUse], models: [String], run: RunID) throws {
        try database.write { connection in
            let number = try connection.writableRunNumber(run)
            let experiment = try connection.run(number: number).experiment
            for use in datasets {
                let dataset = try connection.ensureDataset(use.dataset, experiment)
                let context = use.tags.first { $0.key == "mlflow.data.context" }?.value
                try connection.execute(
                    "INSERT INTO run_datasets VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", .integer(number),
                    .integer(dataset),
                    .text(tagText(use.tags)), SQLValue(context))
            }
            for model in models {
                try connection.execute(
                    "INSERT INTO run_input_models VALUES (?, ?) ON CONFLICT DO NOTHING", .integer(number), .text(model))
            }
        }
    }

    package func logOutputs(_ models: [ModelOutput], run: RunID) throws {
        try database.write { connection in
            let number = try connection.writableRunNumber(run)
            for output in models {
                try connection.execute(
                    """
                    INSERT INTO run_output_models VALUES (?, ?, ?)
                    ON CONFLICT (run, model) DO UPDATE SET step = excluded.step
                    """, .integer(number), .text(output.model), .integer(output.step))
            }
        }
    }

    package func lineage(run: RunID) throws -> RunLineage {
        try lineages(runs: [run])[run] ?? RunLineage()
    }

    package func lineages(runs: [RunID]) throws -> [RunID: RunLineage] {
        try reader.read { connection in
            var lineages: [RunID: RunLineage] = [:]
            let wanted = "SELECT value FROM " + connection.dialect.items(ofJSON: "?")
            let ids = SQLValue.text(JSONValue.array(runs.map { .string($0.text) }).text())
            let uses = try connection.all(
                """
                SELECT r.id, d.name, d.digest, d.source_type, d.source, d.schema, d.profile, u.tags
                FROM runs r JOIN run_datasets u ON u.run = r.number
                JOIN datasets d ON d.number = u.dataset WHERE r.id IN (\(wanted)) ORDER BY r.number, d.number
                """, ids
            ) { row in
                let dataset = Dataset(
                    name: row.text(1), digest: row.text(2), sourceType: row.text(3), source: row.text(4),
                    schema: row.optionalText(5), profile: row.optionalText(6))
                return (RunID(row.text(0)), DatasetUse(dataset: dataset, tags: try tags(text: row.text(7))))
            }
            for (run, use) in uses { lineages[run, default: RunLineage()].datasets.append(use) }
            let inputs = try connection.all(
                """
                SELECT r.id, m.model FROM runs r JOIN run_input_models m ON m.run = r.number
                WHERE r.id IN (\(wanted)) ORDER BY r.number, m.model
                """, ids
            ) { row in (RunID(row.text(0)), row.text(1)) }
            for (run, model) in inputs { lineages[run, default: RunLineage()].inputModels.append(model) }
            let outputs = try connection.all(
                """
                SELECT r.id, m.model, m.step FROM runs r JOIN run_output_models m ON m.run = r.number
                WHERE r.id IN (\(wanted)) ORDER BY r.number, m.step, m.model
                """, ids
            ) { row in (RunID(row.text(0)), ModelOutput(model: row.text(1), step: row.integer(2))) }
            for (run, output) in outputs { lineages[run, default: RunLineage()].outputModels.append(output) }
            return lineages
        }
    }

    package func datasetSummaries(experiments: [ExperimentID]) throws -> [DatasetSummary] {
        try reader.read { connection in
            try connection.all(
                """
                SELECT DISTINCT d.experiment, d.name, d.digest, u.context
                FROM datasets d JOIN run_datasets u ON u.dataset = d.number
                WHERE \(isOne(of: experiments, "d.experiment"))
                ORDER BY d.experiment, d.name, d.digest, u.context NULLS FIRST
                """
            ) { DatasetSummary(row: $0) }
        }
    }

    package func runs(usingDatasetWhere isWanted: (DatasetSummary) throws -> Bool) throws -> [RunID] {
        try reader.read { connection in
            var found: Set<String> = []
            try connection.withStatement(
                """
                SELECT d.experiment, d.name, d.digest, u.context, r.id FROM run_datasets u
                JOIN datasets d ON d.number = u.dataset JOIN runs r ON r.number = u.run
                """
            ) { statement in
                try statement.forEachRow([]) { if try isWanted(DatasetSummary(row: $0)) { found.insert($0.text(4)) } }
            }
            return found.sorted().map { RunID($0) }
        }
    }
}

extension DatasetSummary {
    fileprivate init(row: any SQLRow) {
        self.init(
            experiment: ExperimentID(row.integer(0)), name: row.text(1), digest: row.text(2),
            context: row.optionalText(3))
    }
}

extension SQLConnection {
    fileprivate func ensureDataset(_ dataset: Dataset, _ experiment: ExperimentID) throws -> Int64 {
        let found = try first(
            "SELECT number FROM datasets WHERE experiment = ? AND name = ? AND digest = ?",
            .integer(experiment.number), .text(dataset.name), .text(dataset.digest)
        ) { $0.integer(0) }
        if let found { return found }
        return try number(
            """
            INSERT INTO datasets (experiment, name, digest, source_type, source, schema, profile)
            VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING number
            """, .integer(experiment.number), .text(dataset.name), .text(dataset.digest), .text(dataset.sourceType),
            .text(dataset.source), SQLValue(dataset.schema), SQLValue(dataset.profile))
    }
}

/// Tags in their order, as `[["key","value"],…]`.
private func tagText(_ tags: [Tag]) -> String {
    JSONValue.array(tags.map { .array([.string($0.key), .string($0.value)]) }).text()
}

private func tags(text: String) throws -> [Tag] {
    guard case .array(let items)? = try? JSONValue(parsing: text) else {
        throw ExperimentError.damagedRecord(what: "list of tags", value: text)
    }
    return items.compactMap { item in
        guard case .array(let pair) = item, pair.count == 2, case .string(let key) = pair[0],
            case .string(let value) = pair[1]
        else { return nil }
        return Tag(key: key, value: value)
    }
}
