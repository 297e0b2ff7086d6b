package import Experiments
package import Files
package import JSON
import Objects
package import Pipelines
import Workspaces

package struct RestoreRunOptions: Sendable {
    package var run: String
    /// Also where that overwrites what is saved nowhere.
    package var isForced = false

    package init(run: String) { self.run = run }
}

package struct RestoreRunReport: Sendable {
    package struct ChangedParam: Sendable {
        package var name: String
        package var before: JSONValue
        package var after: JSONValue
    }

    package var run: Run
    package var params: [ChangedParam]
    package var outputs: [LockedOutput]
    /// Outs that the run recorded, but did not keep (`cache: false`).
    package var notKept: [RelativePath]
    /// Stages that are up to date now; the others have changed since the run in something else than params.
    package var upToDate: [StageName]
}

/// Brings a run's params and outs back into the workspace.
///
/// Everything is checked before anything is written: that the store has all objects, that every param still exists,
/// and, unless forced, that nothing is overwritten that is saved nowhere.
package func restoreRun(_ options: RestoreRunOptions, in surroundings: Surroundings) throws -> RestoreRunReport {
    let opened = try OpenProject(surroundings)
    let run = try opened.requireRun(options.run)
    let executions = try opened.experiments.stages(run: run.id)
    let onDisk = ProjectFiles.onDisk(root: opened.project.root)
    let params = try changedParams(opened, run, onDisk, isForced: options.isForced)
    // JSON is YAML, which is what the values of overrides are written in.
    let editedFiles = try edited(
        params.map { try ParamOverride(parsing: "\($0.name)=\($0.after.text())") }, in: onDisk, defaultFile: paramsFile)
    let (outputs, notKept) = try restorableOutputs(opened, executions)
    if !options.isForced { try refuseLoss(opened, outputs) }

    for (file, content) in editedFiles {
        try opened.project.fileSystem.writeAtomically(content, to: opened.project.root.appending(file))
    }
    for output in outputs { try opened.workspace.place(output.fingerprint, at: output.path, unsaved: .overwrite) }
    return RestoreRunReport(
        run: run, params: params, outputs: outputs, notKept: notKept,
        upToDate: try lockRestoredStages(opened, executions))
}

/// The params that differ from the run's. Without force, one whose value now is in no lock file entry is refused.
private func changedParams(
    _ opened: OpenProject, _ run: Run, _ files: ProjectFiles, isForced: Bool
) throws -> [RestoreRunReport.ChangedParam] {
    let wanted = try opened.experiments.record(run.id)?.params ?? [:]
    let parts = try opened.pipelineParts(files: files)
    var current: [String: JSONValue] = [:]
    for stage in try LoadedPipeline(files).graph.stages {
        for (file, values) in try parts.params.read(stage.params) {
            for value in values { current[paramName(file: file, key: value.key)] = value.value }
        }
    }
    var saved: [String: Set<JSONValue>] = [:]
    for stage in parts.lock.current.stages.values {
        for param in stage.inputs.params {
            saved[paramName(file: param.file, key: param.key), default: []].insert(param.value)
        }
    }
    return try current.sorted { $0.key < $1.key }.compactMap { name, before in
        guard let after = wanted[name], after != before else { return nil }
        if !isForced, saved[name]?.contains(before) != true {
            throw OperationError.unsavedParam(name: name, value: before.text())
        }
        return RestoreRunReport.ChangedParam(name: name, before: before, after: after)
    }
}

private func restorableOutputs(
    _ opened: OpenProject, _ executions: [StageExecution]
) throws -> (outputs: [LockedOutput], notKept: [RelativePath]) {
    var outputs: [LockedOutput] = []
    var notKept: [RelativePath] = []
    for execution in executions {
        for output in execution.outputs {
            guard let fingerprint = output.fingerprint else { continue }
            if try opened.workspace.isKept(fingerprint) {
                outputs.append(LockedOutput(path: output.path, fingerprint: fingerprint))
            } else {
                notKept.append(output.path)
            }
        }
    }
    return (outputs, notKept)
}

private func refuseLoss(_ opened: OpenProject, _ outputs: [LockedOutput]) throws {
    for output in outputs {
        guard let current = try opened.workspace.fingerprint(output.path), current != output.fingerprint else {
            continue
        }
        if let path = try opened.workspace.unsavedPaths(at: output.path).first {
            throw OperationError.unsavedOutput(path: path)
        }
    }
}

/// Writes the lock file's entries of the stages whose key is that of the run again.
private func lockRestoredStages(_ opened: OpenProject, _ executions: [StageExecution]) throws -> [StageName] {
    let files = ProjectFiles.onDisk(root: opened.project.root)
    let parts = try opened.pipelineParts(files: files)
    var upToDate: [StageName] = []
    for stage in try LoadedPipeline(files).graph.stages {
        guard let execution = executions.first(where: { $0.stage == stage.name.text }),
            let inputs = try? parts.readInputs(of: stage), StageKey(inputs).hash == execution.key
        else { continue }
        let outputs = execution.outputs.compactMap { file in
            file.fingerprint.map { LockedOutput(path: file.path, fingerprint: $0) }
        }
        parts.lock.update(stage.name, to: LockedStage(inputs: inputs, outputs: outputs))
        upToDate.append(stage.name)
    }
    try parts.lock.flush()
    return upToDate
}
