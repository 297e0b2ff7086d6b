import Diagnostics
import Experiments

extension OpenProject {
    /// The run that the user means: `last`, a name (the latest of that name), an id, or the first digits of one.
    func requireRun(_ reference: String) throws -> Run {
        if reference == "last", try experiments.runs(named: "last").isEmpty {
            guard let latest = try experiments.listRuns(RunQuery(limit: 1, columns: .none)).records.first else {
                throw OperationError.noRuns
            }
            return latest.run
        }
        return try experiments.requireRun(reference)
    }

    /// The execution of a stage in a run.
    func requireStage(_ name: String, of run: Run) throws -> StageExecution {
        let stages = try experiments.stages(run: run.id)
        if let stage = stages.first(where: { $0.stage == name }) { return stage }
        throw OperationError.unknownStage(
            name: name, run: run.name, nearest: nearestName(to: name, among: stages.map(\.stage)))
    }
}
