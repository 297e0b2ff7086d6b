package import Experiments

package struct ShowRunReport: Sendable {
    package var record: RunRecord
    /// In the order of the pipeline.
    package var stages: [StageExecution]
}

/// One run with all that is known of it.
package func showRun(_ reference: String, in surroundings: Surroundings) throws -> ShowRunReport {
    let source = try surroundings.runSource()
    let record = try source.record(reference)
    return ShowRunReport(record: record, stages: try source.stages(record.run))
}
