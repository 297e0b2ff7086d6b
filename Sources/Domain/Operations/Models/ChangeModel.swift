package import Experiments

/// Moves the alias to the version that `address` means; it leaves the one that had it.
package func setModelAlias(
    _ alias: String, to address: ModelAddress, in surroundings: Surroundings
) throws -> ModelVersion {
    try checkAlias(alias)
    let opened = try OpenProject(surroundings)
    let version = try opened.requireVersion(address)
    try opened.models.setAlias(alias, model: version.model, version: version.number)
    return try opened.models.version(version.number, model: version.model) ?? version
}

package func removeModelAlias(_ alias: String, model name: String, in surroundings: Surroundings) throws {
    let opened = try OpenProject(surroundings)
    let aliases = try opened.requireModel(name).aliases.map(\.alias)
    if !aliases.contains(alias) { throw ModelOperationError.noSuchAlias(alias, model: name, among: aliases) }
    try opened.models.removeAlias(alias, model: name)
}

/// Removes one version, or, if `address` names none, the model with all of its versions. Answers which versions there
/// were. The files stay with their runs.
package func removeModel(_ address: ModelAddress, in surroundings: Surroundings) throws -> [ModelVersion] {
    let opened = try OpenProject(surroundings)
    if address.choice == .latest {
        let name = try opened.requireModel(address.name).name
        let versions = try opened.models.versions(model: name)
        try opened.models.deleteModel(name)
        return versions
    }
    let version = try opened.requireVersion(address)
    try opened.models.deleteVersion(version.number, model: version.model)
    return [version]
}
