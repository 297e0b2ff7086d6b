import Experiments
import MicroHTTPD

/// A new experiment; its name must be free, also among the deleted ones.
extension MLflowAPI {
    @Sendable func createExperiment(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let name = try parameters.required("name")
        if name.allSatisfy(\.isWhitespace) { throw MLflowError.invalid("Invalid experiment name: '\(name)'") }
        try KeyRules.checkLength(name, KeyRules.experimentNameLength, "name")
        let location = try parameters.string("artifact_location").flatMap { $0.isEmpty ? nil : $0 }
        let tags = try tags(parameters, valueLength: KeyRules.experimentTagValueLength)
        if let location { try ArtifactLocation.check(location) }
        let made: ExperimentDetails
        do {
            made = try store.createExperiment(
                NewExperiment(name: name, artifactLocation: location, tags: tags, createdAt: now))
        } catch ExperimentError.experimentExists {
            throw MLflowError(.alreadyExists, "Experiment(name=\(name)) already exists.")
        }
        services.events.changed("experiment", made.experiment.id.description)
        return .json { writer in
            writer.object { $0.field("experiment_id", made.experiment.id.description) }
        }
    }

    /// The `tags` of a request, checked; long values are refused.
    func tags(_ parameters: Parameters, valueLength: Int) throws -> [Tag] {
        try parameters.objects("tags").enumerated().map { index, tag in
            let key = try tag.required("key")
            let value = try tag.string("value") ?? ""
            try KeyRules.checkKey(key, place: "tags[\(index)].key", what: "tags[\(index)].key")
            try KeyRules.checkLength(value, valueLength, "tags[\(index)].value")
            return Tag(key: key, value: value)
        }
    }
}
