import Experiments
import MicroHTTPD

/// An experiment goes into the bin, comes out of it, or gets another name.
extension MLflowAPI {
    @Sendable func deleteExperiment(_ request: Request) throws -> Reply {
        let details = try experiment(experimentID(try Parameters(request).required("experiment_id")))
        if details.experiment.deletedAt != nil {
            throw MLflowError.missing("No active experiment with id=\(details.experiment.id) exists")
        }
        try store.deleteExperiment(details.experiment.id, at: now)
        return changed(details)
    }

    @Sendable func restoreExperiment(_ request: Request) throws -> Reply {
        let details = try experiment(experimentID(try Parameters(request).required("experiment_id")))
        if details.experiment.deletedAt == nil {
            throw MLflowError.missing("No deleted experiment with id=\(details.experiment.id) exists")
        }
        try store.restoreExperiment(details.experiment.id, at: now)
        return changed(details)
    }

    @Sendable func updateExperiment(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let details = try experiment(experimentID(try parameters.required("experiment_id")))
        let name = try parameters.required("new_name")
        try KeyRules.checkLength(name, KeyRules.experimentNameLength, "name")
        if details.experiment.deletedAt != nil {
            throw MLflowError(.invalidState, "Cannot rename a non-active experiment.")
        }
        do {
            try store.renameExperiment(details.experiment.id, to: name, at: now)
        } catch ExperimentError.experimentExists {
            throw MLflowError(.alreadyExists, "Experiment(name=\(name)) already exists.")
        }
        return changed(details)
    }

    private func changed(_ details: ExperimentDetails) -> Reply {
        services.events.changed("experiment", details.experiment.id.description)
        return .emptyObject
    }
}
