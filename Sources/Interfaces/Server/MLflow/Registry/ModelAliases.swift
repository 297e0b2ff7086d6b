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
        try KeyRules.checkLength(alias, 255, "alias")
        let isWord = alias.unicodeScalars.allSatisfy {
            $0 == "_" || $0 == "-" || $0.properties.isAlphabetic || $0.properties.numericType != nil
        }
        guard isWord else {
            throw MLflowError.invalid(
                "Invalid alias name: '\(alias)'. Names may only contain alphanumerics, underscores (_), and dashes (-)."
            )
        }
        let lowered = alias.lowercased()
        if lowered == "latest" { throw MLflowError.invalid("'latest' alias name (case insensitive) is reserved.") }
        if lowered.hasPrefix("v"), lowered.count > 1, lowered.dropFirst().allSatisfy(\.isNumber) {
            throw MLflowError.invalid("Version alias name '\(alias)' is reserved.")
        }
    }
}
