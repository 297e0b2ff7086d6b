package import JSON

/// What a table of very many runs asks beside the rows that it shows. Contracts as in `ExperimentStore`.
package protocol RunTable: Sendable {
    /// How many runs the query finds, whatever its limit and offset.
    func countRuns(_ query: RunQuery) throws -> Int
    /// The runs that the query finds, by their value of `column`; the groups in the order of the values, runs that have
    /// none last. Answers at most `limit` groups, those with most runs, and of each the metrics' means and ranges.
    func groupRuns(_ query: RunQuery, by column: RunColumn, metrics: [String], limit: Int) throws -> [RunGroup]
    /// Of the first `sample` runs that the query finds: which params, metrics and tags do not have one value in all.
    func varyingKeys(_ query: RunQuery, sample: Int) throws -> VaryingKeys
    /// Another text after another process has written anything; on PostgreSQL also after this one has, since the
    /// database does not tell them apart. Costs next to nothing.
    func changeMarker() throws -> String
}

/// Runs with one value of a column.
package struct RunGroup: Sendable, Equatable {
    package struct Range: Sendable, Equatable {
        package var mean: Double
        package var minimum: Double
        package var maximum: Double
        /// Of the group's runs, those that have the metric.
        package var count: Int
    }

    /// `.null` for runs that have none.
    package var value: JSONValue
    package var count: Int
    /// By key; absent where no run of the group has a number.
    package var metrics: [String: Range]
}

/// Keys that differ between runs, each list sorted; a key that some of the runs lack differs.
package struct VaryingKeys: Sendable, Equatable {
    package var params: [String] = []
    package var metrics: [String] = []
    package var tags: [String] = []
    /// How many runs were looked at.
    package var runCount = 0
}
