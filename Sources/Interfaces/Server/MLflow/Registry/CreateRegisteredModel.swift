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
        do {
            try changing(name) { try store.createModel(model) }
        } catch let error as MLflowError where error.code == .alreadyExists {
            throw nameTaken(name, byPrompt: isPrompt(try registeredModel(name).tags), forPrompt: isPrompt(tags))
        }
        return try reply(try registeredModel(name))
    }

    private func nameTaken(_ name: String, byPrompt: Bool, forPrompt: Bool) -> MLflowError {
        func noun(_ isPrompt: Bool) -> String { isPrompt ? "Prompt" : "Registered Model" }
        if byPrompt == forPrompt {
            return MLflowError(.alreadyExists, "\(noun(forPrompt)) (name=\(name)) already exists.")
        }
        return MLflowError(
            .alreadyExists,
            "Tried to create a \(noun(forPrompt).lowercased()) with name '\(name)', but the name is already taken by a "
                + "\(noun(byPrompt).lowercased()). MLflow does not allow creating a model and a prompt with the same name."
        )
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
