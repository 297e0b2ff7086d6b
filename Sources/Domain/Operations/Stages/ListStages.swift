import Files
package import Pipelines
import Workspaces

/// The stages of the pipeline, or those that `targets` name, in the order in which they run. Reads the pipeline's files
/// and nothing else: no data need be there.
package func listStages(_ targets: [String], in surroundings: Surroundings) throws -> [Stage] {
    let project = try Project.require(from: surroundings.workingDirectory, in: surroundings.fileSystem)
    let pipeline = try LoadedPipeline(.onDisk(root: project.root))
    let folder = surroundings.workingDirectory.relative(to: project.root) ?? .root
    return try pipeline.select(targets, .alone, from: folder).map { pipeline.graph.stages[$0] }
}
