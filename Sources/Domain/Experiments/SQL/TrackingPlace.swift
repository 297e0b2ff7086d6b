package import Diagnostics
package import Files
package import SQLite

/// Where a project's runs are recorded: in a database that is named, or in a file of the project.
package enum TrackingPlace: Sendable {
    case file(AbsolutePath)
    /// `postgresql://…`, with its password.
    case postgreSQL(String)

    /// `named`: what is asked for, or what the environment or the settings say; nil for the file.
    package init(file: AbsolutePath, named: String?) throws {
        guard let named, !named.isEmpty else {
            self = .file(file)
            return
        }
        if !SQLExperimentStore.isPostgreSQL(named) { throw TrackingPlaceError.unknownKind }
        self = .postgreSQL(named)
    }

    /// For a command.
    package func open() throws -> SQLExperimentStore {
        switch self {
        case .file(let file): try SQLExperimentStore(file: file)
        case .postgreSQL(let address): try SQLExperimentStore.postgreSQL(address)
        }
    }

    /// For a server, or another program that many threads use at once.
    package func openShared(_ durability: DatabaseOptions.Durability) throws -> SQLExperimentStore {
        switch self {
        case .file(let file): try .shared(file: file, durability: durability)
        case .postgreSQL(let address): try .postgreSQL(address)
        }
    }
}

/// Why what was named as the place of runs is none. It is not repeated: it may hold a password.
package enum TrackingPlaceError: UserFacingError, Equatable {
    case unknownKind

    package var kind: ErrorKind { .invalidInput }
    package var message: String { "the tracking store is not one that is known" }
    package var hint: String? { "it looks like postgresql://USER:PASSWORD@HOST:5432/DATABASE" }
}
