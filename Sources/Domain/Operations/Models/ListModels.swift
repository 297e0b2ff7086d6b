package import Experiments

package struct ModelReport: Sendable {
    package var model: RegisteredModel
    /// The oldest first.
    package var versions: [ModelVersion]
}

/// Every registered model, by name.
package func listModels(in surroundings: Surroundings) throws -> [ModelReport] {
    let opened = try OpenProject(surroundings)
    let versions = Dictionary(grouping: try opened.models.versions(model: nil), by: \.model)
    return try opened.models.models().map { ModelReport(model: $0, versions: versions[$0.name] ?? []) }
}

package func showModel(_ name: String, in surroundings: Surroundings) throws -> ModelReport {
    let opened = try OpenProject(surroundings)
    let model = try opened.requireModel(name)
    return ModelReport(model: model, versions: try opened.models.versions(model: name))
}
