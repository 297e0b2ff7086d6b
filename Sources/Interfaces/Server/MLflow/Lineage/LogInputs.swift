import Experiments
import MicroHTTPD

/// Datasets and models that a run used. A dataset that it has already stays as it is.
extension MLflowAPI {
    @Sendable func logInputs(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let id = try runID(parameters)
        let datasets = try parameters.objects("datasets").map(datasetUse)
        let models = try parameters.objects("models").map { try $0.required("model_id") }
        try writing(to: id) { try store.logInputs(datasets, models: models, run: id) }
        services.events.changed("run", id.text, always: false)
        return .emptyObject
    }

    private func datasetUse(_ parameters: Parameters) throws -> DatasetUse {
        guard let dataset = try parameters.object("dataset") else { throw missingValue("dataset") }
        func required(_ name: String, _ label: String) throws -> String {
            guard let text = try dataset.string(name), !text.isEmpty else {
                throw MLflowError.invalid("Dataset \(label) cannot be None")
            }
            return text
        }
        func limited(_ name: String, _ label: String, _ limit: Int) throws -> String? {
            guard let text = try dataset.string(name) else { return nil }
            try KeyRules.checkLength(text, limit, "dataset \(label)")
            return text
        }
        let value = Dataset(
            name: try required("name", "name"), digest: try required("digest", "digest"),
            sourceType: try required("source_type", "source_type"), source: try required("source", "source"),
            schema: try limited("schema", "schema", 1_048_575), profile: try limited("profile", "profile", 16_777_215))
        try KeyRules.checkLength(value.name, 500, "dataset name")
        try KeyRules.checkLength(value.digest, 36, "dataset digest")
        try KeyRules.checkLength(value.source, 65_535, "dataset source")
        let tags = try parameters.objects("tags").map { tag in
            let key = try tag.required("key")
            let value = try tag.string("value") ?? ""
            try KeyRules.checkLength(key, 255, "key")
            try KeyRules.checkLength(value, 500, "value")
            return Tag(key: key, value: value)
        }
        return DatasetUse(dataset: value, tags: tags)
    }
}
