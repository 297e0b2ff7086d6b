import Experiments
import MicroHTTPD

/// One tag of a run is set or removed. The tag with the run's name is the run's name.
extension MLflowAPI {
    @Sendable func setTag(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let id = try runID(parameters)
        let key = try parameters.required("key")
        try KeyRules.checkKey(key, place: "key", what: "key")
        let value = KeyRules.truncated(try parameters.string("value") ?? "", KeyRules.runTagValueLength)
        try writing(to: id) {
            try store.setTags([Tag(key: key, value: value)], run: id)
            if key == MLflowTag.runName, !value.isEmpty { try store.changeRun(id, RunChange(name: value)) }
        }
        services.events.changed("run", id.text, always: false)
        return .emptyObject
    }

    @Sendable func deleteTag(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let id = try runID(parameters)
        let key = try parameters.required("key")
        let wasThere = try writing(to: id) { try store.removeTag(key, run: id) }
        if !wasThere { throw MLflowError.missing("No tag with name: \(key) in run with id \(id)") }
        services.events.changed("run", id.text, always: false)
        return .emptyObject
    }
}
