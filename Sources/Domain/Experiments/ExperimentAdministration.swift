package import Diagnostics

/// Changing experiments, beyond making them: what a server's clients ask for. Contracts as in `ExperimentStore`.
package protocol ExperimentAdministration: Sendable {
    /// A name that is taken, also by a deleted experiment, is refused.
    func createExperiment(_ experiment: NewExperiment) throws -> ExperimentDetails
    /// Nil if there is none; a deleted one is found too.
    func experimentDetails(_ id: ExperimentID) throws -> ExperimentDetails?
    func experimentDetails(named name: String) throws -> ExperimentDetails?
    /// All, deleted ones too, by id.
    func allExperimentDetails() throws -> [ExperimentDetails]
    func renameExperiment(_ id: ExperimentID, to name: String, at moment: Timestamp) throws
    /// Moves it, and its runs, to the bin.
    func deleteExperiment(_ id: ExperimentID, at moment: Timestamp) throws
    /// Takes it, and all its runs, out of the bin.
    func restoreExperiment(_ id: ExperimentID, at moment: Timestamp) throws
    func setTags(_ tags: [Tag], experiment: ExperimentID, at moment: Timestamp) throws
    /// False if there was no such tag.
    func removeTag(_ key: String, experiment: ExperimentID, at moment: Timestamp) throws -> Bool
    /// False if there was no such tag.
    func removeTag(_ key: String, run: RunID) throws -> Bool
    /// All of it or nothing. A param that is known with another value refuses the batch.
    func log(_ batch: RunBatch, run: RunID) throws
    /// Removes runs that are in the bin for good, with everything that they logged. If one is not in the bin, it is
    /// `ExperimentError.runNotDeleted`, and nothing is removed. Objects stay in the store until they are collected.
    func purgeRuns(_ ids: [RunID]) throws
    /// Gives back the space that a store takes for its own convenience; for a moment when nothing else is to be done.
    func tidy() throws
}

/// What is needed to make an experiment.
package struct NewExperiment: Sendable {
    package var name: String
    /// Where its artifacts are, if a client chose; nil: in the store.
    package var artifactLocation: String?
    package var tags: [Tag]
    package var createdAt: Timestamp

    package init(name: String, artifactLocation: String? = nil, tags: [Tag] = [], createdAt: Timestamp) {
        self.name = name
        self.artifactLocation = artifactLocation
        self.tags = tags
        self.createdAt = createdAt
    }
}

/// An experiment with all that is known of it.
package struct ExperimentDetails: Sendable, Equatable {
    package var experiment: Experiment
    package var updatedAt: Timestamp
    package var artifactLocation: String?
    /// By key.
    package var tags: [Tag]

    package init(experiment: Experiment, updatedAt: Timestamp, artifactLocation: String?, tags: [Tag]) {
        self.experiment = experiment
        self.updatedAt = updatedAt
        self.artifactLocation = artifactLocation
        self.tags = tags
    }
}

/// Several things that one run logs at once.
package struct RunBatch: Sendable {
    package var params: [Param]
    package var metrics: [Metric]
    package var tags: [Tag]

    package init(params: [Param] = [], metrics: [Metric] = [], tags: [Tag] = []) {
        self.params = params
        self.metrics = metrics
        self.tags = tags
    }
}
