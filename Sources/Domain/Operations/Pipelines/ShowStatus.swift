package import Pipelines

/// What `repro run` would do with each stage, and why. Reads only; no run is recorded.
package func showStatus(_ targets: [String], in surroundings: Surroundings) throws -> PipelinePlan {
    var options = RunPipelineOptions()
    options.targets = targets
    return try planPipeline(options, in: surroundings)
}
