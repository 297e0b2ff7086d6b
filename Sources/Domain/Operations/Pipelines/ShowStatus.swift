package import Pipelines

/// What `repro run` would do with each stage, and why. Reads only; no run is recorded. A stage that could not run says
/// so, and hides nothing of the others.
package func showStatus(_ targets: [String], in surroundings: Surroundings) throws -> PipelinePlan {
    var options = RunPipelineOptions()
    options.targets = targets
    return try PreparedRun(OpenProject(surroundings), options, belief: .look, troubles: .shown).plan
}
