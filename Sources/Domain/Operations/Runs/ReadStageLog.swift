package import Experiments
import Files
import Objects
import Pipelines
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
    let opened = try OpenProject(surroundings)
    let run = try opened.requireRun(reference)
    let stage = try opened.requireStage(name, of: run)
    if let log = stage.log {
        return StageLogReport(run: run, stage: stage, bytes: try opened.store.read(log))
    }
    if stage.state == .running {
        let path = liveLogPath(of: StageName(stage.stage), in: liveLogs(of: run.id, in: opened.logsProject))
        let bytes = try surroundings.fileSystem.readIfPresent(path) ?? []
        return StageLogReport(run: run, stage: stage, bytes: bytes)
    }
    if let (writer, execution) = try opened.execution(that: stage), let log = execution.log {
        return StageLogReport(run: run, stage: stage, bytes: try opened.store.read(log), writtenBy: writer)
    }
    throw OperationError.noLog(stage: name, run: run.name, state: stage.state.explanation)
}

extension OpenProject {
    /// The execution that made what `skipped` took over: the latest one, before it, with the same key and a log.
    fileprivate func execution(that skipped: StageExecution) throws -> (Run, StageExecution)? {
        guard let key = skipped.key, skipped.state == .skipped || skipped.state == .cached else { return nil }
        let page = try experiments.listRuns(RunQuery(limit: 1_000, columns: .none))
        for record in page.records {
            let stages = try experiments.stages(run: record.run.id)
            if let found = stages.first(where: { $0.stage == skipped.stage && $0.key == key && $0.log != nil }) {
                return (record.run, found)
            }
        }
        return nil
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
