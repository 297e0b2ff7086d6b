import Experiments
import MicroHTTPD

/// One tag of an experiment is set or removed; a deleted experiment is refused.
extension MLflowAPI {
    @Sendable func setExperimentTag(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let id = try experimentID(try parameters.required("experiment_id"))
        let key = try parameters.required("key")
        let value = try parameters.string("value") ?? ""
        try KeyRules.checkKey(key, place: "key", what: "key")
        try KeyRules.checkLength(value, KeyRules.experimentTagValueLength, "value")
        _ = try activeExperiment(id)
        try store.setTags([Tag(key: key, value: value)], experiment: id, at: now)
        return .emptyObject
    }

    @Sendable func deleteExperimentTag(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let id = try experimentID(try parameters.required("experiment_id"))
        let key = try parameters.required("key")
        _ = try activeExperiment(id)
        guard try store.removeTag(key, experiment: id, at: now) else {
            throw MLflowError.missing("No tag with name: \(key) in experiment with id \(id)")
        }
        return .emptyObject
    }
}
