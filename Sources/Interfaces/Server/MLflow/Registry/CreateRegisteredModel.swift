import Experiments
import MicroHTTPD

/// A new name under which versions can be published.
extension MLflowAPI {
    @Sendable func createRegisteredModel(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let name = try parameters.required("name")
        try checkModelName(name)
        let tags = try tags(parameters, valueLength: KeyRules.registryTagValueLength)
        let model = RegisteredModel(
            name: name, createdAt: now, description: try parameters.string("description") ?? "",
            user: request.caller.name, tags: tags)
        try changing(name) { try store.createModel(model) }
        return try reply(try registeredModel(name))
    }

    func checkModelName(_ name: String) throws {
        switch ModelNames.problem(inModel: name) {
        case nil: return
        case .empty?: throw MLflowError.invalid("Registered model name cannot be empty.")
        case .separator?: throw MLflowError.invalid("Invalid model name: '\(name)'. Names cannot contain '/' or ':'.")
        case .dots?: throw MLflowError.invalid("Invalid model name: '\(name)'.")
        case .tooLong?: try KeyRules.checkLength(name, ModelNames.modelLength, "name")
        }
    }
}
