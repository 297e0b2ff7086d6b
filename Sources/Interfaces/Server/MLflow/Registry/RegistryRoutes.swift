import Experiments
import HTTP
import JSON
import MicroHTTPD

extension MLflowAPI {
    var registryRoutes: [Route] {
        let models = "mlflow/registered-models/"
        let versions = "mlflow/model-versions/"
        return [
            Self.both(.post, models + "create", .write, .event, createRegisteredModel),
            Self.both(.get, models + "get", .read, .event, getRegisteredModel),
            Self.both(.post, models + "rename", .write, .event, renameRegisteredModel),
            Self.both(.patch, models + "update", .write, .event, updateRegisteredModel),
            Self.both(.delete, models + "delete", .write, .event, deleteRegisteredModel),
            Self.both(.get, models + "search", .read, .worker, searchRegisteredModels),
            Self.both(.post, models + "get-latest-versions", .read, .event, getLatestVersions),
            Self.both(.get, models + "get-latest-versions", .read, .event, getLatestVersions),
            Self.both(.post, models + "set-tag", .write, .event, setRegisteredModelTag),
            Self.both(.delete, models + "delete-tag", .write, .event, deleteRegisteredModelTag),
            Self.both(.post, models + "alias", .write, .event, setAlias),
            Self.both(.get, models + "alias", .read, .event, getByAlias),
            Self.both(.delete, models + "alias", .write, .event, deleteAlias),
            Self.both(.post, versions + "create", .write, .event, createModelVersion),
            Self.both(.get, versions + "get", .read, .event, getModelVersion),
            Self.both(.patch, versions + "update", .write, .event, updateModelVersion),
            Self.both(.post, versions + "transition-stage", .write, .event, changeModelStage),
            Self.both(.delete, versions + "delete", .write, .event, deleteModelVersion),
            Self.both(.get, versions + "search", .read, .worker, searchModelVersions),
            Self.both(.get, versions + "get-download-uri", .read, .event, getDownloadURI),
            Self.both(.post, versions + "set-tag", .write, .event, setModelVersionTag),
            Self.both(.delete, versions + "delete-tag", .write, .event, deleteModelVersionTag),
        ].flatMap(\.self)
    }

    func registeredModel(_ name: String) throws -> RegisteredModel {
        guard let model = try store.model(named: name) else { throw noSuchModel(name) }
        return model
    }

    func noSuchModel(_ name: String) -> MLflowError { .missing("Registered Model with name=\(name) not found") }

    /// The version that a request names.
    func modelVersion(_ parameters: Parameters) throws -> ModelVersion {
        let (name, number) = try versionName(parameters)
        guard let version = try store.version(number, model: name) else { throw noSuchVersion(name, number) }
        return version
    }

    func versionName(_ parameters: Parameters) throws -> (model: String, number: Int64) {
        let name = try parameters.required("name")
        let text: String
        if case .integer(let number)? = parameters.value("version") {
            text = String(number)
        } else {
            text = try parameters.required("version")
        }
        guard let number = Int64(text) else {
            throw MLflowError.invalid("Parameter 'version' must be an integer, got '\(text)'.")
        }
        return (name, number)
    }

    func noSuchVersion(_ name: String, _ number: Int64) -> MLflowError {
        .missing("Model Version (name=\(name), version=\(number)) not found")
    }

    /// Turns what the store says into MLflow's words, and tells listeners.
    @discardableResult
    func changing<Result>(_ model: String, _ body: () throws -> Result) throws -> Result {
        do {
            let result = try body()
            services.events.changed("model", model)
            return result
        } catch ModelError.noSuchModel(let name) {
            throw noSuchModel(name)
        } catch ModelError.noSuchVersion(let name, let number) {
            throw noSuchVersion(name, number)
        } catch ModelError.modelExists(let name) {
            throw MLflowError(.alreadyExists, "Registered Model (name=\(name)) already exists.")
        }
    }

    func isPrompt(_ tags: [Tag]) -> Bool { tags.contains { $0.key == MLflowTag.isPrompt && $0.value == "true" } }

    /// The newest version of each stage.
    func latestVersions(_ name: String) throws -> [ModelVersion] {
        var latest: [ModelStage: ModelVersion] = [:]
        for version in try store.versions(model: name) { latest[version.stage] = version }
        return ModelStage.allCases.compactMap { latest[$0] }
    }
}
