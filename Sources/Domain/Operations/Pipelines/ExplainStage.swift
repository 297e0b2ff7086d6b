package import Experiments
package import Pipelines

package struct ExplainStageReport: Sendable {
    /// What would become of the stage now.
    package var step: PipelinePlan.Step
    /// When its commands last ran, or its outs were restored, and why; nil if no run knows.
    package var last: (run: Run, execution: StageExecution)?
}

/// Why a stage would run now, and why it last did.
package func explainStage(_ name: String, in surroundings: Surroundings) throws -> ExplainStageReport {
    let opened = try OpenProject(surroundings)
    var options = RunPipelineOptions()
    options.targets = [name]
    let plan = try PreparedRun(opened, options, belief: .look).plan
    // The selection ends with the stage itself: everything else in it is what the stage needs.
    guard let step = plan.steps.last(where: { $0.stage.name.text == name }) ?? plan.steps.last else {
        preconditionFailure("a target selects a stage, or is an error")
    }
    return ExplainStageReport(step: step, last: try opened.lastExecution(of: step.stage.name))
}

/// What became of a stage in a run, and why.
package func explainExecution(
    of name: String, in reference: String, _ surroundings: Surroundings
) throws -> (run: Run, execution: StageExecution) {
    let opened = try OpenProject(surroundings)
    let run = try opened.requireRun(reference)
    return (run, try opened.requireStage(name, of: run))
}

extension OpenProject {
    /// How many runs back to look for an execution.
    private static let searchDepth = 200

    fileprivate func lastExecution(of stage: StageName) throws -> (run: Run, execution: StageExecution)? {
        var columns = RunColumnSelection.none
        columns.includesStages = true
        let page = try experiments.listRuns(RunQuery(limit: Self.searchDepth, columns: columns))
        let record = page.records.first { record in
            record.stages.contains { $0.stage == stage.text && [.ran, .cached, .failed].contains($0.state) }
        }
        guard let record,
            let execution = try experiments.stages(run: record.run.id).first(where: { $0.stage == stage.text })
        else { return nil }
        return (record.run, execution)
    }
}
