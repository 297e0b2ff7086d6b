import Experiments

/// A version of a registered model, as the user names it: `NAME@3`, `NAME@ALIAS`, or `NAME` for the latest.
package struct ModelAddress: Sendable, Equatable {
    package enum Choice: Sendable, Equatable {
        case latest
        case number(Int64)
        case alias(String)
    }

    package var name: String
    package var choice: Choice

    package init(_ text: String) {
        guard let at = text.lastIndex(of: "@") else {
            (name, choice) = (text, .latest)
            return
        }
        name = String(text[..<at])
        let word = String(text[text.index(after: at)...])
        if word == "latest" {
            choice = .latest
        } else if let number = Int64(word) {
            choice = .number(number)
        } else {
            choice = .alias(word)
        }
    }
}

extension OpenProject {
    func requireModel(_ name: String) throws -> RegisteredModel {
        if let model = try models.model(named: name) { return model }
        throw ModelOperationError.noSuchModel(name, among: try models.models().map(\.name))
    }

    func requireVersion(_ address: ModelAddress) throws -> ModelVersion {
        let model = try requireModel(address.name)
        let number: Int64? =
            switch address.choice {
            case .latest: try models.versions(model: model.name).last?.number
            case .number(let number): number
            case .alias(let alias): model.aliases.first { $0.alias == alias }?.version
            }
        if let number, let version = try models.version(number, model: model.name) { return version }
        switch address.choice {
        case .latest: throw ModelOperationError.noVersions(model: model.name)
        case .number(let number): throw ModelError.noSuchVersion(model: model.name, version: number)
        case .alias(let alias):
            throw ModelOperationError.noSuchAlias(alias, model: model.name, among: model.aliases.map(\.alias))
        }
    }
}
