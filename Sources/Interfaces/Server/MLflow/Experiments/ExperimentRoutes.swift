import Diagnostics
import Experiments
import HTTP
import MicroHTTPD

extension MLflowAPI {
    var experimentRoutes: [Route] {
        let base = "mlflow/experiments/"
        return [
            Self.both(.post, base + "create", .write, .event, createExperiment),
            Self.both(.get, base + "get", .read, .event, getExperiment),
            Self.both(.get, base + "get-by-name", .read, .event, getExperimentByName),
            Self.both(.post, base + "search", .read, .worker, searchExperiments),
            Self.both(.get, base + "search", .read, .worker, searchExperiments),
            Self.both(.post, base + "delete", .write, .worker, deleteExperiment),
            Self.both(.post, base + "restore", .write, .worker, restoreExperiment),
            Self.both(.post, base + "update", .write, .event, updateExperiment),
            Self.both(.post, base + "set-experiment-tag", .write, .event, setExperimentTag),
            Self.both(.post, base + "delete-experiment-tag", .write, .event, deleteExperimentTag),
        ].flatMap(\.self)
    }

    /// A decimal number in a string.
    func experimentID(_ text: String) throws -> ExperimentID {
        guard let number = Int64(text), text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 45 }) else {
            throw MLflowError.invalid("Invalid experiment ID '\(text)'. Experiment ID must be a valid integer.")
        }
        return ExperimentID(number)
    }

    /// Deleted ones too.
    func experiment(_ id: ExperimentID) throws -> ExperimentDetails {
        guard let details = try store.experimentDetails(id) else {
            throw MLflowError.missing("No Experiment with id=\(id) exists")
        }
        return details
    }

    func activeExperiment(_ id: ExperimentID) throws -> ExperimentDetails {
        let details = try experiment(id)
        if details.experiment.deletedAt != nil {
            throw MLflowError.invalid(
                "The experiment \(id) must be in the 'active' state. Current state is deleted.")
        }
        return details
    }
}

extension JSONWriter {
    mutating func experiment(_ details: ExperimentDetails) {
        object { writer in
            writer.key("experiment_id")
            writer.string(details.experiment.id.description)
            writer.key("name")
            writer.string(details.experiment.name)
            writer.key("artifact_location")
            writer.string(ArtifactLocation(of: details).text)
            writer.key("lifecycle_stage")
            writer.string(details.experiment.deletedAt == nil ? "active" : "deleted")
            writer.key("creation_time")
            writer.integer(details.experiment.createdAt.milliseconds)
            writer.key("last_update_time")
            writer.integer(details.updatedAt.milliseconds)
            writer.tags(details.tags)
            writer.key("workspace")
            writer.string("default")
        }
    }

    /// Left out if there are none, as MLflow does with every empty list.
    mutating func tags(_ tags: [Tag], key name: StaticString = "tags") {
        if tags.isEmpty { return }
        key(name)
        array(tags) { $0.pair($1.key, $1.value) }
    }

    mutating func pair(_ key: String, _ value: String) {
        object {
            $0.key("key")
            $0.string(key)
            $0.key("value")
            $0.string(value)
        }
    }
}
