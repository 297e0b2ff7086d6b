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
        if name.allSatisfy(\.isWhitespace) {
            throw MLflowError.invalid("Registered model name cannot be empty.")
        }
        if name.contains("/") || name.contains(":") {
            throw MLflowError.invalid("Invalid model name: '\(name)'. Names cannot contain '/' or ':'.")
        }
        if name == "." || name == ".." { throw MLflowError.invalid("Invalid model name: '\(name)'.") }
        try KeyRules.checkLength(name, 256, "name")
    }
}
