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

/// The runs of the project, or of the server, with what they logged.
package func listRuns(_ options: ListRunsOptions, in surroundings: Surroundings) throws -> RunPage {
    try surroundings.runSource().list(options)
}
