import Files
package import JSON
package import Pipelines
import Workspaces

package struct ShowStageReport: Sendable {
    package var stage: Stage
    /// Those that must be done before it, and those that wait for it.
    package var upstream: [StageName]
    package var downstream: [StageName]
    /// The params that it reads, with their values now; nil where one cannot be read.
    package var params: [(name: String, value: JSONValue)]?
}

/// One stage after templating, with its neighbours.
package func showStage(_ name: String, in surroundings: Surroundings) throws -> ShowStageReport {
    let project = try Project.require(from: surroundings.workingDirectory, in: surroundings.fileSystem)
    let files = ProjectFiles.onDisk(root: project.root)
    let pipeline = try LoadedPipeline(files)
    let folder = surroundings.workingDirectory.relative(to: project.root) ?? .root
    let found = try pipeline.select([name], .alone, from: folder)
    guard found.count == 1, let index = found.first else {
        throw OperationError.severalStages(name: name, stages: found.map { pipeline.graph.stages[$0].name.text })
    }
    let stage = pipeline.graph.stages[index]
    let values = try? readParams(stage.params, from: files)
    return ShowStageReport(
        stage: stage, upstream: pipeline.graph.upstream[index].map { pipeline.graph.stages[$0].name },
        downstream: pipeline.graph.downstream[index].map { pipeline.graph.stages[$0].name },
        params: values.map { values in
            values.sorted { $0.key < $1.key }.flatMap { file, values in
                values.map { (name: paramName(file: file, key: $0.key), value: $0.value) }
            }
        })
}
