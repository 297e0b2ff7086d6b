import Experiments
import MicroHTTPD

/// One experiment, deleted or not.
extension MLflowAPI {
    @Sendable func getExperiment(_ request: Request) throws -> Reply {
        let id = try experimentID(try Parameters(request).required("experiment_id"))
        return reply(try experiment(id))
    }

    @Sendable func getExperimentByName(_ request: Request) throws -> Reply {
        let name = try Parameters(request).required("experiment_name")
        guard let details = try store.experimentDetails(named: name) else {
            throw MLflowError.missing("Could not find experiment with name '\(name)'")
        }
        return reply(details)
    }

    private func reply(_ details: ExperimentDetails) -> Reply {
        .json { writer in
            writer.object {
                $0.key("experiment")
                $0.experiment(details)
            }
        }
    }
}
