import Experiments
import MicroHTTPD

/// Logged models that a run made.
extension MLflowAPI {
    @Sendable func logOutputs(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let id = try runID(parameters)
        let models = try parameters.objects("models").map { model in
            ModelOutput(model: try model.required("model_id"), step: try model.integer("step") ?? 0)
        }
        if models.isEmpty { throw missingValue("models") }
        try writing(to: id) { try store.logOutputs(models, run: id) }
        services.events.changed("run", id.text, always: false)
        return .emptyObject
    }
}
