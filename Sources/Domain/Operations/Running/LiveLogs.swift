import Diagnostics
import Experiments
import Files
import Objects
import Pipelines
import Workspaces

/// Where the stages of a run write their logs while they run.
func liveLogs(of run: RunID, in project: Project) -> AbsolutePath { liveLogs(of: run, in: project.temporaryFolder) }

func liveLogs(of run: RunID, in temporaryFolder: AbsolutePath) -> AbsolutePath {
    temporaryFolder.appending("run-\(run)")
}

extension OpenProject {
    /// Writes down what became of runs whose process is gone: they, and the stage that was running, count as killed,
    /// and what the stage had written so far is kept as its log. Done by whoever opens the project next.
    func settleLostRuns() throws {
        for run in try experiments.settleLostRuns(now: surroundings.clock.now()) where run.status == .killed {
            let logs = liveLogs(of: run.id, in: project)
            let stages = try experiments.stages(run: run.id).filter { $0.state == .running || $0.state == .waiting }
            let settled = try stages.map { stage in
                var stage = stage
                if stage.state == .running {
                    let path = liveLogPath(of: StageName(stage.stage), in: logs)
                    stage.state = .failed
                    stage.failure = "the run was killed while it ran"
                    stage.log = try project.fileSystem.readIfPresent(path).flatMap {
                        $0.isEmpty ? nil : try store.put($0)
                    }
                } else {
                    stage.state = .blocked
                }
                return stage
            }
            try experiments.recordStages(settled, run: run.id)
            try project.fileSystem.removeTree(logs)
        }
    }
}
