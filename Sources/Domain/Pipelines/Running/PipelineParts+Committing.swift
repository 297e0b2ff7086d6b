import Diagnostics
import Files
import Objects
import Workspaces

extension PipelineParts {
    /// Records what the workspace holds now as what `stage` reads and makes, without running it: outs go into the
    /// store, and the lock file and the run cache say so. Answers whether the lock file said something else before.
    ///
    /// The user vouches for it: nobody has seen the command make these outs from these inputs.
    package func commit(_ stage: Stage) throws -> (stage: LockedStage, changed: Bool) {
        let path = project.locksFolder.appending("stage-\(stage.name.fileName)")
        let runLock = try FileLock.acquire(path, timeout: .seconds(3), in: project.fileSystem)
        defer { withExtendedLifetime(runLock) {} }
        let inputs = try readInputs(of: stage)
        let outputs = try stage.outputs.map { try keep($0, of: stage) }
        let locked = LockedStage(inputs: inputs, outputs: outputs)
        let changed = lock.current.stages[stage.name] != locked
        try keepResult(locked, of: stage, log: nil, startedAt: clock.now())
        return (locked, changed)
    }

    /// What a stage left in an out; in the store if it is to be kept there.
    package func keep(_ output: Output, of stage: Stage) throws -> LockedOutput {
        guard try project.fileSystem.status(of: project.root.appending(output.path)) != nil,
            let fingerprint = try output.isKept
                ? workspace.keep(output.path) : workspace.fingerprint(output.path)
        else {
            throw StageError.outputMissing(stage: stage.name, path: output.path, location: output.location)
        }
        return LockedOutput(path: output.path, fingerprint: fingerprint)
    }

    /// Puts what a stage made into the run cache, and then into the lock file.
    func keepResult(_ locked: LockedStage, of stage: Stage, log: Digest?, startedAt: Timestamp) throws {
        for dependency in locked.inputs.dependencies { _ = try workspace.keepListing(dependency.path) }
        if stage.usesRunCache {
            try runCache.save(
                RunCacheEntry(
                    key: StageKey(locked.inputs), stage: stage.name, outputs: locked.outputs, log: log,
                    durationMilliseconds: clock.now().milliseconds(since: startedAt), host: hostName,
                    endedAt: clock.now()))
        }
        lock.update(stage.name, to: locked)
    }
}
