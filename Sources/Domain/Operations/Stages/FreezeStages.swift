import Files
import JSON
package import Pipelines
import Workspaces
import YAML

/// What to do with `frozen` of stages.
package enum StageFreezing: Sendable {
    /// `repro run` takes their outs as they are.
    case freeze
    case unfreeze
}

/// Writes, or takes away, `frozen: true`. Answers the stages that were not so before.
package func freezeStages(
    _ names: [String], _ action: StageFreezing, in surroundings: Surroundings
) throws -> [StageName] {
    let project = try Project.require(from: surroundings.workingDirectory, in: surroundings.fileSystem)
    var changed: [StageName] = []
    for name in names {
        // Read anew for each: the one before may stand in the same file.
        let pipeline = try LoadedPipeline(.onDisk(root: project.root))
        let entry = try StageEntry(named: name, in: pipeline)
        var edit = try entry.edit(in: project)
        let body = edit.document.root["stages"]?[entry.key]
        if body?["foreach"] != nil || body?["matrix"] != nil {
            throw OperationError.generatedStage(name: entry.key, group: entry.key, file: entry.file)
        }
        let path = ["stages", entry.key, "frozen"]
        let isFrozen = pipeline.graph.stages.first { $0.name == entry.stages.first }?.isFrozen == true
        switch action {
        case .freeze where !isFrozen: try edit.change { try $0.setting(path, to: .bool(true)) }
        case .unfreeze where isFrozen: try edit.change { try $0.removing(path) }
        case .freeze, .unfreeze: continue
        }
        try edit.write()
        changed += entry.stages
    }
    return changed
}
