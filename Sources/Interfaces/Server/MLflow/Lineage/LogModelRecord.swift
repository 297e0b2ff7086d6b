import Experiments
import JSON
import MicroHTTPD

extension MLflowAPI {
    /// What older clients say of a model: kept as a list in a tag of the run.
    @Sendable func logModelRecord(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let id = try runID(parameters)
        let text = try parameters.required("model_json")
        guard case .object(let model)? = try? JSONValue(parsing: text) else {
            throw MLflowError.invalid("Malformed model info. \n \(text.prefix(200)) \n is not valid JSON")
        }
        let missing = ["artifact_path", "flavors", "utc_time_created", "run_id"].filter { model[$0] == nil }
        if !missing.isEmpty {
            throw MLflowError.invalid("Model json is missing mandatory fields: \(missing)")
        }
        try writing(to: id) {
            guard let record = try store.record(id) else { throw noSuchRun(id) }
            var history: [JSONValue] = []
            if let logged = record.tags[MLflowTag.modelHistory],
                case .array(let items)? = try? JSONValue(parsing: logged)
            {
                history = items
            }
            let value = JSONValue.array(history + [.object(model)]).text()
            try store.setTags([Tag(key: MLflowTag.modelHistory, value: value)], run: id)
        }
        return .emptyObject
    }
}
