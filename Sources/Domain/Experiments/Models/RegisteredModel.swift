package import Diagnostics

/// A name under which versions of a model are published.
package struct RegisteredModel: Sendable, Equatable {
    package var name: String
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    package var description: String
    package var user: String?
    /// By key.
    package var tags: [Tag]
    package var aliases: [ModelAlias]

    package init(name: String, createdAt: Timestamp, description: String = "", user: String? = nil, tags: [Tag] = []) {
        self.name = name
        self.createdAt = createdAt
        self.updatedAt = createdAt
        self.description = description
        self.user = user
        self.tags = tags
        self.aliases = []
    }
}

/// A name for one version of a model, which can be moved to another: `champion`.
package struct ModelAlias: Sendable, Hashable {
    package var alias: String
    package var version: Int64

    package init(alias: String, version: Int64) {
        self.alias = alias
        self.version = version
    }
}

package enum ModelStage: String, Sendable, CaseIterable {
    case none = "None"
    case staging = "Staging"
    case production = "Production"
    case archived = "Archived"
}

/// One published version. Its number is never given again, also when it was deleted.
package struct ModelVersion: Sendable, Equatable {
    package var model: String
    package var number: Int64
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    package var description: String
    package var user: String?
    package var stage: ModelStage
    /// What the client gave.
    package var source: String
    /// Where its files are, if that is another place than the source says.
    package var storageLocation: String?
    package var run: String
    package var runLink: String
    package var loggedModel: String?
    /// By key.
    package var tags: [Tag]
    package var aliases: [String]

    package init(
        model: String, source: String, createdAt: Timestamp, description: String = "", user: String? = nil,
        storageLocation: String? = nil, run: String = "", runLink: String = "", loggedModel: String? = nil,
        tags: [Tag] = []
    ) {
        self.model = model
        self.number = 0
        self.createdAt = createdAt
        self.updatedAt = createdAt
        self.description = description
        self.user = user
        self.stage = .none
        self.source = source
        self.storageLocation = storageLocation
        self.run = run
        self.runLink = runLink
        self.loggedModel = loggedModel
        self.tags = tags
        self.aliases = []
    }
}

/// Published models. Contracts as in `ExperimentStore`; a model or version that is not there is a `ModelError`.
package protocol ModelRegistry: Sendable {
    func createModel(_ model: RegisteredModel) throws
    /// Nil if there is none.
    func model(named name: String) throws -> RegisteredModel?
    /// By name.
    func models() throws -> [RegisteredModel]
    func renameModel(_ name: String, to newName: String, at moment: Timestamp) throws
    func describeModel(_ name: String, _ description: String, at moment: Timestamp) throws
    /// With its versions.
    func deleteModel(_ name: String) throws
    func setTags(_ tags: [Tag], model: String) throws
    func removeTag(_ key: String, model: String) throws
    /// Moves the alias if the model has it already.
    func setAlias(_ alias: String, model: String, version: Int64) throws
    func removeAlias(_ alias: String, model: String) throws

    /// Gives the version its number.
    func createVersion(_ version: ModelVersion) throws -> ModelVersion
    /// Nil if there is none.
    func version(_ number: Int64, model: String) throws -> ModelVersion?
    /// Of all models if `model` is nil; by model and number.
    func versions(model: String?) throws -> [ModelVersion]
    func describeVersion(_ number: Int64, model: String, _ description: String, at moment: Timestamp) throws
    func changeStage(_ number: Int64, model: String, to stage: ModelStage, archivingOthers: Bool, at moment: Timestamp)
        throws
    func deleteVersion(_ number: Int64, model: String) throws
    func setTags(_ tags: [Tag], model: String, version: Int64) throws
    func removeTag(_ key: String, model: String, version: Int64) throws
}
