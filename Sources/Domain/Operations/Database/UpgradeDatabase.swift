import Experiments

package struct UpgradeReport: Sendable, Equatable {
    package let database: String
    package let before: Int
    package let after: Int
}

/// Brings a tracking database to the format of this program. Whatever opens one does that, too; this says so.
package func upgradeDatabase(_ source: TrackingSource, in surroundings: Surroundings) throws -> UpgradeReport {
    let name = try source.description()
    if !(try source.exists(in: surroundings.fileSystem)) { throw DatabaseOperationError.noDatabase(name) }
    let before = try source.version()
    _ = try source.open()
    return UpgradeReport(database: name, before: before, after: try source.version())
}
