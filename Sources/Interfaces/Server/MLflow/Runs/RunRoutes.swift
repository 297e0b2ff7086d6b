import Experiments
import HTTP
import MicroHTTPD

extension MLflowAPI {
    var runRoutes: [Route] {
        let base = "mlflow/runs/"
        return [
            Self.both(.post, base + "create", .write, .event, createRun),
            Self.both(.get, base + "get", .read, .event, getRun),
            Self.both(.post, base + "update", .write, .event, updateRun),
            Self.both(.post, base + "delete", .write, .event, deleteRun),
            Self.both(.post, base + "restore", .write, .event, restoreRun),
            Self.both(.post, base + "search", .read, .worker, searchRuns),
            Self.both(.post, base + "log-parameter", .write, .event, logParam),
            Self.both(.post, base + "set-tag", .write, .event, setTag),
            Self.both(.post, base + "delete-tag", .write, .event, deleteTag),
        ].flatMap(\.self)
    }

    /// The `run_id` of a request, or its older name.
    func runID(_ parameters: Parameters) throws -> RunID {
        if let text = try parameters.string("run_id"), !text.isEmpty { return RunID(text) }
        if let text = try parameters.string("run_uuid"), !text.isEmpty { return RunID(text) }
        throw missingValue("run_id")
    }

    /// Deleted ones too.
    func run(_ id: RunID) throws -> Run {
        guard let run = try store.run(id) else { throw noSuchRun(id) }
        return run
    }

    func noSuchRun(_ id: RunID) -> MLflowError { .missing("Run with id=\(id) not found") }

    /// Turns what the store says of a run that is not there, or is deleted, into MLflow's words.
    func writing<Result>(to run: RunID, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch ExperimentError.noSuchRun {
            throw noSuchRun(run)
        } catch ExperimentError.runDeleted {
            throw MLflowError.invalid("The run \(run) must be in the 'active' state. Current state is deleted.")
        }
    }

    func artifactLocation(of run: Run) throws -> ArtifactLocation {
        try ArtifactLocation(of: experiment(run.experiment)).run(run.id)
    }
}
