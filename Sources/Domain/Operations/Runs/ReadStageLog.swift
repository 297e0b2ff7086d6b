package import Experiments
import Files
import Objects
import Pipelines
package import Threads
import Workspaces

package struct StageLogReport: Sendable {
    package var run: Run
    package var stage: StageExecution
    package var bytes: [UInt8]
    /// The run whose commands wrote it, if the stage of this run was skipped or restored.
    package var writtenBy: Run?
}

/// What a stage's commands wrote in a run; for one that runs right now, what they have written so far.
package func readStageLog(
    run reference: String, stage name: String, in surroundings: Surroundings
) throws -> StageLogReport {
    let source = try surroundings.runSource()
    let run = try source.record(reference).run
    let stage = try source.requireStage(name, of: run)
    if let report = try source.log(run, stage) { return report }
    throw OperationError.noLog(stage: name, run: run.name, state: stage.state.explanation)
}

/// Hands over what a stage of a run writes, from the start and as it comes, until the stage is done or `cancellation`
/// says stop. A stage that has not begun is waited for. Answers the stage as it is then.
package func followStageLog(
    run reference: String, stage name: String, in surroundings: Surroundings, cancellation: Cancellation,
    onBytes: ([UInt8]) -> Void
) throws -> StageExecution {
    let opened = try OpenProject(surroundings)
    let run = try opened.requireRun(reference)
    let path = liveLogPath(of: StageName(name), in: liveLogs(of: run.id, in: opened.home))
    var sent = 0
    func send(_ all: [UInt8]) {
        if all.count > sent { onBytes(Array(all[sent...])) }
        sent = max(sent, all.count)
    }
    while true {
        // First the state, then the bytes: what is written until the stage is done is seen.
        let isOver = try opened.experiments.run(run.id)?.status.isOver ?? true
        let stage = try opened.stage(name, of: run, isOver: isOver)
        if let stage, stage.state != .running, stage.state != .waiting || isOver {
            if let log = stage.log { send(try opened.store.read(log)) }
            return stage
        }
        send(try surroundings.fileSystem.readIfPresent(path) ?? [])
        if cancellation.isCancelled { return stage ?? StageExecution(stage: name, position: 0, state: .waiting) }
        _ = Mailbox<Never>().receive(timeout: followInterval)
        // Whoever leads the run may have died.
        try opened.settleLostRuns()
    }
}

private let followInterval = Duration.milliseconds(200)

extension OpenProject {
    /// Nil if the run has not come to the stage yet.
    fileprivate func stage(_ name: String, of run: Run, isOver: Bool) throws -> StageExecution? {
        if isOver { return try requireStage(name, of: run) }
        return try experiments.stages(run: run.id).first { $0.stage == name }
    }
}

extension StageState {
    /// Why there is no log.
    fileprivate var explanation: String {
        switch self {
        case .waiting: "has not begun"
        case .running: "has written nothing yet"
        case .ran: "wrote nothing"
        case .cached: "was restored from the run cache"
        case .skipped: "was skipped"
        case .failed: "failed before it wrote anything"
        case .blocked: "was never run"
        }
    }
}
