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
}
