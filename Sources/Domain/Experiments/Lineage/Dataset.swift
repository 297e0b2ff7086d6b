/// Data that a run used, as a client describes it: a name, and a digest that changes with the content.
package struct Dataset: Sendable, Hashable {
    package var name: String
    package var digest: String
    /// What `source` is: `local`, `s3`, `code`…
    package var sourceType: String
    package var source: String
    /// The columns and their types, as the client wrote them.
    package var schema: String?
    /// Numbers about it, such as how many rows, as the client wrote them.
    package var profile: String?

    package init(
        name: String, digest: String, sourceType: String, source: String, schema: String? = nil, profile: String? = nil
    ) {
        self.name = name
        self.digest = digest
        self.sourceType = sourceType
        self.source = source
        self.schema = schema
        self.profile = profile
    }
}

/// A dataset in one run; the tags say what for (`mlflow.data.context`: training, evaluation).
package struct DatasetUse: Sendable, Equatable {
    package var dataset: Dataset
    package var tags: [Tag]

    package init(dataset: Dataset, tags: [Tag]) {
        self.dataset = dataset
        self.tags = tags
    }
}

/// What went into a run and what came out of it, besides what its stages say.
package struct RunLineage: Sendable, Equatable {
    package var datasets: [DatasetUse] = []
    /// Ids of logged models.
    package var inputModels: [String] = []
    package var outputModels: [ModelOutput] = []

    package init() {}
}

package struct ModelOutput: Sendable, Hashable {
    package var model: String
    package var step: Int64

    package init(model: String, step: Int64) {
        self.model = model
        self.step = step
    }
}

/// A dataset as a list of an experiment's datasets shows it.
package struct DatasetSummary: Sendable, Equatable {
    package var experiment: ExperimentID
    package var name: String
    package var digest: String
    package var context: String?

    package init(experiment: ExperimentID, name: String, digest: String, context: String?) {
        self.experiment = experiment
        self.name = name
        self.digest = digest
        self.context = context
    }
}

/// Inputs and outputs of runs. Contracts as in `ExperimentStore`.
package protocol LineageStore: Sendable {
    /// A dataset that the run has already is left as it is.
    func logInputs(_ datasets: [DatasetUse], models: [String], run: RunID) throws
    func logOutputs(_ models: [ModelOutput], run: RunID) throws
    func lineage(run: RunID) throws -> RunLineage
    /// Of several runs at once; those that have none are left out.
    func lineages(runs: [RunID]) throws -> [RunID: RunLineage]
    func datasetSummaries(experiments: [ExperimentID]) throws -> [DatasetSummary]
    /// Runs that used a dataset for which `isWanted`.
    func runs(usingDatasetWhere isWanted: (DatasetSummary) throws -> Bool) throws -> [RunID]
}
