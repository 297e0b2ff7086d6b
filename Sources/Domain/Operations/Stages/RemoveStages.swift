package import Files
package import Pipelines
import Workspaces
import YAML

package struct RemoveStagesReport: Sendable {
    package var stages: [StageName]
    package var files: [RelativePath]
}

/// Takes stages out of their pipeline file and out of the lock file. What they made stays where it is.
package func removeStages(_ names: [String], in surroundings: Surroundings) throws -> RemoveStagesReport {
    let opened = try OpenProject(surroundings)
    let pipeline = try LoadedPipeline(.onDisk(root: opened.project.root))
    let entries = try names.map { try StageEntry(named: $0, in: pipeline) }
    var edits: [PipelineFileEdit] = []
    for entry in entries {
        let found = edits.firstIndex { $0.path == entry.file }
        var edit = try found.map { edits[$0] } ?? entry.edit(in: opened.project)
        guard entry.isWritten(in: edit.document) else {
            throw OperationError.generatedStage(name: entry.key, group: entry.group, file: entry.file)
        }
        try edit.change { try $0.removing(["stages", entry.key]) }
        if let found { edits[found] = edit } else { edits.append(edit) }
    }
    for edit in edits { try edit.write() }
    let lock = try opened.pipelineParts(files: pipeline.files).lock
    for stage in entries.flatMap(\.stages) { lock.update(stage, to: nil) }
    try lock.flush()
    return RemoveStagesReport(stages: entries.flatMap(\.stages), files: edits.map(\.path))
}
