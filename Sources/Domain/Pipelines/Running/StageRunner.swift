import Diagnostics
import Files
import Objects
import Threads
import Workspaces

/// Brings one stage to its end, on the calling thread: skips it, restores it, or runs it and keeps what it made.
///
/// The order of what becomes durable is what makes a killed run harmless: first the objects, then the run cache entry
/// that names them, and only then the lock file's entry.
struct StageRunner: Sendable {
    let stage: Stage
    let parts: PipelineParts
    let isForced: Bool
    let gpuIndices: [Int]
    let running: RunningCommands
    let observer: any PipelineObserver
    let didMake: @Sendable (StageName) -> Void
    let logPath: AbsolutePath

    /// Never throws: what went wrong is in the record.
    func run() -> StageRecord {
        var record = StageRecord(stage: stage.name, state: .failed, startedAt: parts.clock.now())
        let start = ContinuousClock.now
        do {
            try perform(&record)
        } catch let error as StageError {
            record.error = error
        } catch let error as any UserFacingError {
            record.error = StageError.other(stage: stage.name, cause: error)
        } catch {
            record.error = StageError.unexpected(stage: stage.name, description: "\(error)")
        }
        if case .commandFailed(_, _, let exit, _) = record.error as? StageError { record.exitCode = exit.number }
        record.duration = ContinuousClock.now - start
        return record
    }

    private func perform(_ record: inout StageRecord) throws {
        let lock = try acquireLock()
        defer { withExtendedLifetime(lock) {} }
        let inputs = try parts.refreshed().readInputs(of: stage)
        record.inputs = inputs
        var decision = try parts.decide(stage, inputs: inputs, isForced: isForced)
        let resultLock = try acquireResultLock(inputs, &decision)
        defer { resultLock?.release() }
        if case .restore(let outputs, let reasons) = decision, try !bring(outputs) {
            decision = .run(reasons: reasons)
        }
        record.reasons = decision.reasons
        for case .outputChanged(let path) in decision.reasons {
            record.overwritten.append(LockedOutput(path: path, fingerprint: try parts.workspace.keep(path)))
        }
        switch decision {
        case .skip:
            record.state = .skipped
            record.outputs = parts.lock.current.stages[stage.name]?.outputs ?? []
        case .restore(let outputs, _):
            for output in outputs {
                try parts.workspace.place(output.fingerprint, at: output.path, unsaved: .overwrite)
            }
            record.state = .cached
            record.outputs = outputs
            didMake(stage.name)
            parts.lock.update(stage.name, to: LockedStage(inputs: inputs, outputs: outputs))
        case .run(let reasons):
            observer.started(stage.name, reasons: reasons, at: record.startedAt)
            try runCommands(&record)
            try keepResults(&record, inputs)
            record.state = .ran
        }
    }

    /// So that two `repro` in one workspace never run the same stage at once: the second one waits, and then finds
    /// that nothing is left to do.
    private func acquireLock() throws -> FileLock {
        let path = parts.project.locksFolder.appending("stage-\(stage.name.fileName)")
        if let lock = try FileLock.tryAcquire(path, in: parts.project.fileSystem) { return lock }
        observer.waitingForLock(stage.name)
        while !running.isStopping {
            if let lock = try? FileLock.acquire(path, timeout: .milliseconds(200), in: parts.project.fileSystem) {
                try parts.lock.reload()
                return lock
            }
        }
        throw StageError.interrupted(stage: stage.name)
    }

    /// The same among workspaces that share a store, such as the trees of queued runs: of several that are to make one
    /// result, the first makes it, and the others wait and take it.
    private func acquireResultLock(_ inputs: StageInputs, _ decision: inout StageDecision) throws -> ResultLock? {
        // Before there is a store, nobody can share it, and only its owner may make its folder.
        guard case .run = decision, stage.usesRunCache, !isForced, try parts.store.exists() else { return nil }
        let lock = parts.runCache.lock(of: StageKey(inputs))
        var isWaiting = false
        // Where the store's file system has no locks, the stage may run twice, which costs time and nothing else.
        while let isHeld = try? lock.tryAcquire(), !isHeld {
            if !isWaiting { observer.waitingForLock(stage.name) }
            isWaiting = true
            if running.isStopping { throw StageError.interrupted(stage: stage.name) }
            _ = Mailbox<Never>().receive(timeout: .milliseconds(100))
        }
        // Someone may have made it between the decision and the lock.
        decision = try parts.decide(stage, inputs: inputs, isForced: isForced)
        return lock
    }

    /// Sees to it that the store has the outs; false if they cannot be had.
    private func bring(_ outputs: [LockedOutput]) throws -> Bool {
        if try parts.isKept(outputs) { return true }
        guard let results = parts.results else { return false }
        observer.fetching(stage.name)
        return try results.fetch(outputs) && parts.isKept(outputs)
    }

    // MARK: Running

    private func runCommands(_ record: inout StageRecord) throws {
        let log = try StageLog(path: logPath, fileSystem: parts.project.fileSystem)
        defer { record.log = (try? log.keep(in: parts.store)) ?? nil }
        let commands = StageCommands(
            stage: stage, root: parts.project.root, environment: parts.environment, gpuIndices: gpuIndices,
            running: running)
        var attempt = 1
        while true {
            do {
                try prepareWorkspace()
                var logError: (any Error)?
                try commands.run(
                    onOutput: { bytes in
                        do { try log.append(bytes) } catch { logError = logError ?? error }
                        observer.output(stage.name, bytes)
                    },
                    lastLines: { log.lastLines })
                if let logError { throw logError }
                record.exitCode = 0
                return
            } catch let error as StageError where attempt <= stage.retries && error.mayPassByItself {
                attempt += 1
                try pause(before: attempt)
            }
        }
    }

    /// Removes what the stage is about to write, so that nothing of an earlier run can pass for new, and makes the
    /// folders that its outs go into.
    private func prepareWorkspace() throws {
        let workingDirectory = parts.project.root.appending(stage.workingDirectory)
        guard try parts.project.fileSystem.statusFollowingLinks(of: workingDirectory)?.kind == .folder else {
            throw StageError.workingDirectoryMissing(
                stage: stage.name, path: stage.workingDirectory, location: stage.location)
        }
        for output in stage.outputs {
            if output.persists {
                try parts.workspace.unprotect(output.path)
            } else {
                try parts.workspace.remove(output.path)
            }
            if let folder = parts.project.root.appending(output.path).parent {
                try parts.project.fileSystem.makeFolders(folder)
            }
        }
    }

    /// One second, two, four, … up to a minute.
    private func pause(before attempt: Int) throws {
        let pause = Duration.seconds(min(60, 1 << min(attempt - 2, 6)))
        observer.retrying(stage.name, attempt: attempt, after: pause)
        let end = ContinuousClock.now + pause
        while ContinuousClock.now < end {
            if running.isStopping { throw StageError.interrupted(stage: stage.name) }
            _ = Mailbox<Never>().receive(timeout: .milliseconds(50))
        }
    }

    // MARK: Keeping

    private func keepResults(_ record: inout StageRecord, _ inputs: StageInputs) throws {
        for output in stage.outputs { record.outputs.append(try parts.keep(output, of: stage)) }
        didMake(stage.name)
        let after = try parts.refreshed().readInputs(of: stage)
        record.changedMeanwhile = after.changes(from: inputs)
        if !record.changedMeanwhile.isEmpty {
            parts.lock.update(stage.name, to: nil)
            return
        }
        try parts.keepResult(
            LockedStage(inputs: inputs, outputs: record.outputs), of: stage, log: record.log,
            startedAt: record.startedAt)
    }
}

extension StageError {
    /// Whether trying again may help: the command's own failure, not the user's mistake nor an interrupt.
    fileprivate var mayPassByItself: Bool {
        switch self {
        case .commandFailed, .timedOut: true
        default: false
        }
    }
}

extension StageError.CommandExit {
    /// As a shell shows it: 128 + the signal.
    fileprivate var number: Int32 {
        switch self {
        case .code(let code): code
        case .signal(let signal): 128 + signal
        }
    }
}
