import Experiments
import MicroHTTPD

extension MLflowAPI {
    @Sendable func getRegisteredModel(_ request: Request) throws -> Reply {
        try reply(try registeredModel(try Parameters(request).required("name")))
    }

    @Sendable func getLatestVersions(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let name = try parameters.required("name")
        let wanted = try parameters.strings("stages").map(modelStage)
        _ = try registeredModel(name)
        let latest = try latestVersions(name).filter { wanted.isEmpty || wanted.contains($0.stage) }
        return .json { writer in
            writer.object {
                if latest.isEmpty { return }
                $0.key("model_versions")
                $0.array(latest) { $0.modelVersion($1) }
            }
        }
    }

    /// In any case.
    func modelStage(_ text: String) throws -> ModelStage {
        guard let stage = ModelStage.allCases.first(where: { $0.rawValue.lowercased() == text.lowercased() }) else {
            throw MLflowError.invalid(
                "Invalid Model Version stage: \(text). Value must be one of None, Staging, Production, Archived.")
        }
        return stage
    }
}
