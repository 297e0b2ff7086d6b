package import Diagnostics
package import Experiments
package import SQLite
package import Workspaces

/// Where a project's runs are recorded: what is asked for, what the environment or the settings say, or the file in
/// `.repro/`.
package enum TrackingPlace: Sendable {
    case file(Project)
    /// `postgresql://…`, with its password.
    case postgreSQL(String)

    package init(of project: Project, environment: [String: String], asked: String? = nil) throws {
        let named = asked ?? environment["REPRO_TRACKING_STORE"] ?? project.config.trackingStore
        guard let named, !named.isEmpty else {
            self = .file(project)
            return
        }
        if !SQLExperimentStore.isPostgreSQL(named) { throw TrackingPlaceError.unknownKind }
        self = .postgreSQL(named)
    }

    /// For a command.
    package func open() throws -> SQLExperimentStore {
        switch self {
        case .file(let project): try SQLExperimentStore(file: project.trackingDatabase)
        case .postgreSQL(let address): try SQLExperimentStore.postgreSQL(address)
        }
    }

    /// For a server, which many threads use at once.
    package func openShared(_ durability: DatabaseOptions.Durability) throws -> SQLExperimentStore {
        switch self {
        case .file(let project): try .shared(file: project.trackingDatabase, durability: durability)
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
