package import Experiments

package struct ShowRunReport: Sendable {
    package var record: RunRecord
    /// In the order of the pipeline.
    package var stages: [StageExecution]
}

/// One run with all that is known of it.
package func showRun(_ reference: String, in surroundings: Surroundings) throws -> ShowRunReport {
    let opened = try OpenProject(surroundings)
    let run = try opened.requireRun(reference)
    return ShowRunReport(
        record: try opened.experiments.record(run.id) ?? RunRecord(run: run),
        stages: try opened.experiments.stages(run: run.id))
}
