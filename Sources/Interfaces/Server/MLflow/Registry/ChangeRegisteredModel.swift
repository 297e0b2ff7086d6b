import Experiments
import MicroHTTPD

/// Another name or description for a registered model, its tags, and its end.
extension MLflowAPI {
    @Sendable func renameRegisteredModel(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let name = try parameters.required("name")
        let newName = try parameters.required("new_name")
        try checkModelName(newName)
        try changing(name) { try store.renameModel(name, to: newName, at: now) }
        return try reply(try registeredModel(newName))
    }

    @Sendable func updateRegisteredModel(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let name = try parameters.required("name")
        let description = try parameters.string("description") ?? ""
        try changing(name) { try store.describeModel(name, description, at: now) }
        return try reply(try registeredModel(name))
    }

    @Sendable func deleteRegisteredModel(_ request: Request) throws -> Reply {
        let name = try Parameters(request).required("name")
        try changing(name) { try store.deleteModel(name) }
        return .emptyObject
    }

    @Sendable func setRegisteredModelTag(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let name = try parameters.required("name")
        let tag = try registryTag(parameters)
        try changing(name) { try store.setTags([tag], model: name) }
        return .emptyObject
    }

    @Sendable func deleteRegisteredModelTag(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let name = try parameters.required("name")
        let key = try parameters.required("key")
        try changing(name) { try store.removeTag(key, model: name) }
        return .emptyObject
    }

    func registryTag(_ parameters: Parameters) throws -> Tag {
        let key = try parameters.required("key")
        let value = try parameters.string("value") ?? ""
        try KeyRules.checkKey(key, place: "key", what: "key")
        try KeyRules.checkLength(value, KeyRules.registryTagValueLength, "value")
        return Tag(key: key, value: value)
    }
}
