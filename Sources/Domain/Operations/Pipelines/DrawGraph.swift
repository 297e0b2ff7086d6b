package import Pipelines

/// The pipeline as a graph, with what would become of each stage.
package struct GraphReport: Sendable {
    /// In topological order; `waitsFor` are the edges.
    package var steps: [PipelinePlan.Step]
}

package func drawGraph(_ targets: [String], in surroundings: Surroundings) throws -> GraphReport {
    GraphReport(steps: try showStatus(targets, in: surroundings).steps)
}
