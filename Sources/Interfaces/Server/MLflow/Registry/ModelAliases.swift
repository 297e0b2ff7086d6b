import Experiments
import MicroHTTPD

/// Names that lead to a version and can be moved. `latest` is the highest version and cannot be set.
extension MLflowAPI {
    @Sendable func setAlias(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let (name, number) = try versionName(parameters)
        let alias = try parameters.required("alias")
        try checkAlias(alias)
        try changing(name) { try store.setAlias(alias, model: name, version: number) }
        return .emptyObject
    }

    @Sendable func getByAlias(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let name = try parameters.required("name")
        let alias = try parameters.required("alias")
        return reply(try version(alias: alias, of: try registeredModel(name)))
    }

    @Sendable func deleteAlias(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let name = try parameters.required("name")
        let alias = try parameters.required("alias")
        try changing(name) { try store.removeAlias(alias, model: name) }
        return .emptyObject
    }

    func version(alias: String, of model: RegisteredModel) throws -> ModelVersion {
        let number: Int64?
        if alias.lowercased() == "latest" {
            number = try store.versions(model: model.name).last?.number
        } else {
            number = model.aliases.first { $0.alias == alias }?.version
        }
        guard let number, let version = try store.version(number, model: model.name) else {
            throw MLflowError.invalid("Registered model alias \(alias) not found.")
        }
        return version
    }

    private func checkAlias(_ alias: String) throws {
        switch ModelNames.problem(inAlias: alias) {
        case nil: return
        case .tooLong?: try KeyRules.checkLength(alias, ModelNames.aliasLength, "alias")
        case .character?:
            throw MLflowError.invalid(
                "Invalid alias name: '\(alias)'. Names may only contain alphanumerics, underscores (_), and dashes (-)."
            )
        case .latest?: throw MLflowError.invalid("'latest' alias name (case insensitive) is reserved.")
        case .number?: throw MLflowError.invalid("Version alias name '\(alias)' is reserved.")
        }
    }
}
