import Diagnostics
package import Experiments

package struct ListRunsOptions: Sendable {
    /// In the filter language; nil for all.
    package var filter: String?
    /// `metrics.accuracy desc`; empty for the latest first.
    package var sort: [String] = []
    package var experiment: String?
    package var limit = 100
    package var columns = RunColumnSelection.all
    package var includesDeleted = false

    package init() {}
}

/// The project's runs, with what they logged.
package func listRuns(_ options: ListRunsOptions, in surroundings: Surroundings) throws -> RunPage {
    let opened = try OpenProject(surroundings)
    var query = RunQuery(limit: options.limit, columns: options.columns)
    query.lifecycle = options.includesDeleted ? .all : .active
    query.filter = try options.filter.map { try RunFilter(parsing: $0) }
    query.sort = try options.sort.flatMap { try RunSort.parse($0) }
    if let name = options.experiment {
        guard let experiment = try opened.experiments.experiment(named: name) else {
            throw ExperimentError.noSuchExperiment(
                name: name, nearest: nearestName(to: name, among: try opened.experiments.experiments().map(\.name)))
        }
        query.experiments = [experiment.id]
    }
    return try opened.experiments.listRuns(query)
}
