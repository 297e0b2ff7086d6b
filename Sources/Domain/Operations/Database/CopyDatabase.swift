package import Diagnostics
package import Experiments

package struct CopyDatabaseReport: Sendable {
    package let source: String
    package let target: String
    /// Every table with its rows; each was read again and compared.
    package let tables: [CopiedRows]
}

/// Makes one tracking database of another, SQLite or PostgreSQL. Objects are not in it: they stay where they are.
package func copyDatabase(
    from source: TrackingSource, to target: TrackingSource, _ policy: CopyPolicy, in surroundings: Surroundings,
    monitor: any Monitor
) throws -> CopyDatabaseReport {
    let names = (try source.description(), try target.description())
    if !(try source.exists(in: surroundings.fileSystem)) { throw DatabaseOperationError.noDatabase(names.0) }
    if names.0 == names.1 { throw DatabaseOperationError.sameDatabase }
    let tables = try source.open().copyAll(to: try target.open(), policy, monitor: monitor)
    return CopyDatabaseReport(source: names.0, target: names.1, tables: tables)
}
