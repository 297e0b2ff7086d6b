package import Files
import PostgreSQL
import SQLite

/// Databases that are not opened as stores: looked at, or copied as they are.
extension SQLExperimentStore {
    /// The version of its format; it is not brought up to date.
    package static func version(ofFile file: AbsolutePath) throws -> Int {
        try Database(path: file.bytes, options: DatabaseOptions(access: .readWrite)).version()
    }

    package static func version(ofPostgreSQL address: String) throws -> Int {
        try PostgreSQLDatabase(PostgreSQLAddress(address), mostConnections: 1).version()
    }

    /// The address without its password.
    package static func shown(postgreSQL address: String) throws -> String {
        try PostgreSQLAddress(address).description
    }

    /// Copies a database that may be in use into a new file: all of it as of one moment.
    package static func backUp(
        file: AbsolutePath, to target: AbsolutePath, progress: (_ done: Int, _ total: Int) -> Void
    ) throws {
        try Database(path: file.bytes, options: DatabaseOptions(access: .readWrite)).backUp(
            to: target.bytes, progress: progress)
    }
}
