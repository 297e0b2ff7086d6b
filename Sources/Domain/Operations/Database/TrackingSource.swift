package import Diagnostics
package import Experiments
package import Files
import Workspaces

/// A tracking database by its address: `postgresql://…`, a SQLite file, or a project's folder.
package struct TrackingSource: Sendable {
    private let place: TrackingPlace

    /// Nil: the one of the project that the working directory is in.
    package init(_ address: String?, in surroundings: Surroundings) throws {
        guard let address else {
            let project = try Project.require(from: surroundings.workingDirectory, in: surroundings.fileSystem)
            place = try TrackingPlace(of: project, environment: surroundings.environment)
            return
        }
        if SQLExperimentStore.isPostgreSQL(address) {
            place = .postgreSQL(address)
            return
        }
        let path = AbsolutePath(address, relativeTo: surroundings.workingDirectory)
        if try surroundings.fileSystem.statusFollowingLinks(of: path)?.kind == .folder {
            place = .file(try Project(root: path, in: surroundings.fileSystem).trackingDatabase)
        } else {
            place = .file(path)
        }
    }

    /// The SQLite file, if it is one.
    package var file: AbsolutePath? { if case .file(let path) = place { path } else { nil } }

    package func exists(in fileSystem: FileSystem) throws -> Bool {
        guard let file else { return true }
        return try fileSystem.statusFollowingLinks(of: file) != nil
    }

    /// Brings it up to date, too.
    package func open() throws -> SQLExperimentStore { try place.open() }

    /// Which version of the format it has, without changing it; 0 for an empty one.
    package func version() throws -> Int {
        switch place {
        case .postgreSQL(let address): try SQLExperimentStore.version(ofPostgreSQL: address)
        case .file(let path): try SQLExperimentStore.version(ofFile: path)
        }
    }

    /// For people; without a password.
    package func description() throws -> String {
        switch place {
        case .postgreSQL(let address): try SQLExperimentStore.shown(postgreSQL: address)
        case .file(let path): path.description
        }
    }
}

/// Why a tracking database could not be handled as a whole.
package enum DatabaseOperationError: UserFacingError, Equatable {
    case noDatabase(String)
    case sameDatabase
    case backupOfServer
    case fileExists(String)

    package var kind: ErrorKind {
        switch self {
        case .noDatabase: .notFound
        case .sameDatabase, .backupOfServer: .invalidInput
        case .fileExists: .conflict
        }
    }

    package var message: String {
        switch self {
        case .noDatabase(let name): "there is no tracking database \(name)"
        case .sameDatabase: "source and target are the same database"
        case .backupOfServer: "runs are in PostgreSQL, which has its own backups"
        case .fileExists(let name): "file \(name) exists"
        }
    }

    package var hint: String? {
        switch self {
        case .noDatabase, .sameDatabase: nil
        case .backupOfServer: "use pg_dump, or `repro db copy ADDRESS FILE` for a SQLite file of the same runs"
        case .fileExists: "choose another name, or remove it first"
        }
    }
}
