/// Which runs, in which order, with which of their columns.
package struct RunQuery: Sendable {
    package enum Lifecycle: Sendable { case active, deleted, all }

    /// Nil: of all experiments.
    package var experiments: [ExperimentID]?
    package var lifecycle: Lifecycle
    package var filter: RunFilter?
    /// Runs that lack the column come last, in both directions; then the latest start first.
    package var sort: [RunSort]
    /// Whether params are sorted by their text only; else numbers come first, by their size.
    package var sortsParamsAsText = false
    package var limit: Int
    /// How many to pass over, for the pages after the first.
    package var offset: Int
    package var columns: RunColumnSelection

    package init(
        experiments: [ExperimentID]? = nil, lifecycle: Lifecycle = .active, filter: RunFilter? = nil,
        sort: [RunSort] = [], limit: Int = 100, offset: Int = 0, columns: RunColumnSelection = .all
    ) {
        self.experiments = experiments
        self.lifecycle = lifecycle
        self.filter = filter
        self.sort = sort
        self.limit = limit
        self.offset = offset
        self.columns = columns
    }
}

/// One key of an order: `metrics.loss desc`, `min(metrics.loss)`.
package struct RunSort: Sendable, Equatable {
    package enum Direction: String, Sendable { case ascending, descending }
    /// Which value of a metric's series.
    package enum Value: String, Sendable, CaseIterable {
        case last
        case least = "min"
        case greatest = "max"
    }

    package var column: RunColumn
    package var direction: Direction
    /// Of a metric; anything else has one value.
    package var value: Value

    package init(_ column: RunColumn, _ direction: Direction = .ascending, value: Value = .last) {
        self.column = column
        self.direction = direction
        self.value = value
    }
}

/// Which of the things that a run logged are loaded with it.
package struct RunColumnSelection: Sendable {
    package enum Keys: Sendable {
        case none
        case all
        case some([String])
    }

    package var params: Keys
    package var metrics: Keys
    package var tags: Keys
    package var includesStages: Bool

    package init(params: Keys, metrics: Keys, tags: Keys, includesStages: Bool) {
        self.params = params
        self.metrics = metrics
        self.tags = tags
        self.includesStages = includesStages
    }

    package static let all = RunColumnSelection(params: .all, metrics: .all, tags: .all, includesStages: true)
    package static let none = RunColumnSelection(params: .none, metrics: .none, tags: .none, includesStages: false)
}

package struct RunPage: Sendable {
    package var records: [RunRecord]
    /// Whether there are runs after these.
    package var hasMore: Bool

    package init(records: [RunRecord], hasMore: Bool) {
        self.records = records
        self.hasMore = hasMore
    }
}
