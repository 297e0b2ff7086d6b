import Experiments
import JSON
import MicroHTTPD

/// One param. It is written once: the same value again is fine, another one is refused.
extension MLflowAPI {
    @Sendable func logParam(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let id = try runID(parameters)
        let key = try parameters.required("key")
        try KeyRules.checkKey(key, place: "key", what: "Param key")
        let text = KeyRules.truncated(try parameters.string("value") ?? "", KeyRules.paramValueLength)
        try writing(to: id) {
            do {
                try store.logParams([Param(key: key, value: .string(text))], run: id)
            } catch ExperimentError.paramChanged(let key, _, let logged, let new) {
                // A run of ours may have logged the same as a number.
                if logged == new { return }
                throw MLflowError.invalid(
                    "Changing param values is not allowed. Param with key='\(key)' was already logged with "
                        + "value='\(logged)' for run ID='\(id)'. Attempted logging new value '\(new)'.")
            }
        }
        services.events.changed("run", id.text, always: false)
        return .emptyObject
    }
}
