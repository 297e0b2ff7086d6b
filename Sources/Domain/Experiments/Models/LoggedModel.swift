package import Diagnostics

/// A model that a run made: its files are artifacts, and its metrics belong to it rather than to the run.
package struct LoggedModel: Sendable, Equatable {
    package let id: String
    package let experiment: ExperimentID
    package var name: String
    package var type: String?
    package var status: LoggedModelStatus
    package var sourceRun: RunID?
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    package var deletedAt: Timestamp?
    /// By key.
    package var tags: [Tag]
    package var params: [Tag]
    package var metrics: [ModelMetric]

    package init(
        id: String, experiment: ExperimentID, name: String, type: String? = nil, sourceRun: RunID? = nil,
        createdAt: Timestamp, tags: [Tag] = [], params: [Tag] = []
    ) {
        self.id = id
        self.experiment = experiment
        self.name = name
        self.type = type
        self.status = .pending
        self.sourceRun = sourceRun
        self.createdAt = createdAt
        self.updatedAt = createdAt
        self.tags = tags
        self.params = params
        self.metrics = []
    }
}

package enum LoggedModelStatus: String, Sendable, CaseIterable {
    /// Its files are still coming.
    case pending
    case ready
    case failed
}

/// A measurement of a logged model, and on which data.
package struct ModelMetric: Sendable, Equatable {
    package var key: String
    package var point: MetricPoint
    package var run: RunID?
    package var datasetName: String?
    package var datasetDigest: String?

    package init(key: String, point: MetricPoint, run: RunID?, datasetName: String?, datasetDigest: String?) {
        self.key = key
        self.point = point
        self.run = run
        self.datasetName = datasetName
        self.datasetDigest = datasetDigest
    }
}

/// Logged models. Contracts as in `ExperimentStore`; a model that is not there is `ModelError.noSuchLoggedModel`.
package protocol LoggedModelStore: Sendable {
    func createLoggedModel(_ model: LoggedModel) throws
    /// Nil if there is none; a deleted one is found too.
    func loggedModel(_ id: String) throws -> LoggedModel?
    /// Deleted ones are passed over; the latest first.
    func loggedModels(experiments: [ExperimentID]) throws -> [LoggedModel]
    func setStatus(_ status: LoggedModelStatus, loggedModel: String, at moment: Timestamp) throws
    func setTags(_ tags: [Tag], loggedModel: String, at moment: Timestamp) throws
    func removeTag(_ key: String, loggedModel: String, at moment: Timestamp) throws -> Bool
    func logParams(_ params: [Tag], loggedModel: String, at moment: Timestamp) throws
    /// The same measurement again is nothing new.
    func logMetrics(_ metrics: [ModelMetric], loggedModel: String) throws
    func deleteLoggedModel(_ id: String, at moment: Timestamp) throws
}
