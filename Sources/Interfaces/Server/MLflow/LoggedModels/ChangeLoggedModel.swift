import Experiments
import MicroHTTPD

/// Reading one logged model, and all that becomes of it after it was made.
extension MLflowAPI {
    @Sendable func getLoggedModel(_ request: Request) throws -> Reply {
        let id = request.capture("model_id")
        if try Parameters(request).bool("allow_deleted") ?? false {
            guard let model = try store.loggedModel(id) else { throw noSuchLoggedModel(id) }
            return try reply(model)
        }
        return try reply(try loggedModel(id))
    }

    @Sendable func finishLoggedModel(_ request: Request) throws -> Reply {
        let id = request.capture("model_id")
        guard let name = try Parameters(request).choice("status", LoggedModelStatus.names) else {
            throw missingValue("status")
        }
        guard let status = LoggedModelStatus(mlflowName: name) else {
            throw MLflowError.invalid("Invalid model status: \(name)")
        }
        try onModel(id) { try store.setStatus(status, loggedModel: id, at: now) }
        return try reply(try loggedModel(id))
    }

    @Sendable func deleteLoggedModel(_ request: Request) throws -> Reply {
        let id = request.capture("model_id")
        try onModel(id) { try store.deleteLoggedModel(id, at: now) }
        return .emptyObject
    }

    @Sendable func setLoggedModelTags(_ request: Request) throws -> Reply {
        let id = request.capture("model_id")
        let tags = try pairs(try Parameters(request), "tags")
        try onModel(id) { try store.setTags(tags, loggedModel: id, at: now) }
        return .emptyObject
    }

    @Sendable func deleteLoggedModelTag(_ request: Request) throws -> Reply {
        let id = request.capture("model_id")
        let key = request.capture("key")
        let wasThere = try onModel(id) { try store.removeTag(key, loggedModel: id, at: now) }
        if !wasThere { throw MLflowError.missing("No tag with key '\(key)' found for model with ID '\(id)'.") }
        return .emptyObject
    }
}
