import Experiments
import MicroHTTPD

/// A new logged model, which waits for its files; and params that did not fit into the first request.
extension MLflowAPI {
    @Sendable func createLoggedModel(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let experiment = try activeExperiment(experimentID(try parameters.required("experiment_id")))
        var generator = SystemRandomNumberGenerator()
        let given = try parameters.string("name").flatMap { $0.isEmpty ? nil : $0 }
        let name = given ?? suggestRunName(using: &generator) { _ in false }
        if name.contains(where: { "/:.%\"'".contains($0) }) {
            throw MLflowError.invalid(
                "Invalid model name: '\(name)'. Model names must not contain any of / : . % \" '")
        }
        let model = LoggedModel(
            id: "m-\(RunID.random().text)", experiment: experiment.experiment.id, name: name,
            type: try parameters.string("model_type"),
            sourceRun: try parameters.string("source_run_id").flatMap { $0.isEmpty ? nil : RunID($0) }, createdAt: now,
            tags: try pairs(parameters, "tags"), params: try pairs(parameters, "params"))
        try store.createLoggedModel(model)
        return try reply(try loggedModel(model.id))
    }

    @Sendable func logLoggedModelParams(_ request: Request) throws -> Reply {
        let id = request.capture("model_id")
        let params = try pairs(try Parameters(request), "params")
        try onModel(id) { try store.logParams(params, loggedModel: id, at: now) }
        return .emptyObject
    }

    func pairs(_ parameters: Parameters, _ name: String) throws -> [Tag] {
        try parameters.objects(name).map { pair in
            let key = try pair.required("key")
            try KeyRules.checkLength(key, KeyRules.keyLength, "\(name) key")
            let value = try pair.string("value") ?? ""
            return Tag(key: key, value: KeyRules.truncated(value, KeyRules.runTagValueLength))
        }
    }
}
