package import Diagnostics

/// Why a PostgreSQL database could not do what was asked. Carries the statement's text but never the values bound to
/// it, and names the database without its password.
package enum PostgreSQLError: UserFacingError, Equatable {
    case libraryMissing(reason: String)
    case badAddress
    /// The server cannot be reached, or broke the connection: it may be back in a moment.
    case unreachable(database: String, reason: String)
    case denied(database: String, reason: String)
    case diskFull(database: String)
    case locked(database: String)
    case readOnly(database: String)
    case tooNew(database: String, version: Int, knownVersion: Int)
    case tooOldServer(database: String, version: Int)
    /// Text that the database cannot keep.
    case unusableText(database: String, reason: String)
    /// A rule of the schema (unique, not null, foreign key) refused the change.
    case constraint(database: String, reason: String, sql: String)
    /// Two transactions waited for each other, and this one was chosen to begin again.
    case mustRetry(database: String)
    case failed(database: String, state: String, reason: String, sql: String)

    package var kind: ErrorKind {
        switch self {
        case .unreachable, .diskFull, .libraryMissing, .mustRetry: .unavailable
        case .denied, .readOnly: .denied
        case .locked, .constraint: .conflict
        case .badAddress, .tooNew, .tooOldServer, .unusableText: .invalidInput
        case .failed: .internal
        }
    }

    package var message: String {
        switch self {
        case .libraryMissing(let reason): "PostgreSQL cannot be used: \(reason)"
        case .badAddress: "the address of the PostgreSQL database is not well formed"
        case .unreachable(let database, let reason): "database \(database) cannot be reached: \(reason)"
        case .denied(let database, let reason): "database \(database) refused: \(reason)"
        case .diskFull(let database): "disk full while writing database \(database)"
        case .locked(let database): "database \(database) is locked by another process"
        case .readOnly(let database): "database \(database) is read-only"
        case .tooNew(let database, let version, let known):
            "database \(database) has format version \(version); this program reads up to version \(known)"
        case .tooOldServer(let database, let version):
            "the server of database \(database) is PostgreSQL \(version); version 13 or later is needed"
        case .unusableText(let database, let reason): "database \(database) cannot keep this text: \(reason)"
        case .constraint(let database, let reason, let sql):
            "database \(database) refused a change: \(reason), in `\(sql)`"
        case .mustRetry(let database): "database \(database) is busy"
        case .failed(let database, let state, let reason, let sql):
            "database \(database): \(reason) (\(state)), in `\(sql)`"
        }
    }

    package var hint: String? {
        switch self {
        case .libraryMissing: "install the Debian package libpq5"
        case .badAddress: "it looks like postgresql://USER:PASSWORD@HOST:5432/DATABASE"
        case .unreachable: "check that the server runs and that the address is right, then try again"
        case .denied: "check the user, the password and what the user may do in the database"
        case .diskFull: "free some space on the server, then try again; nothing was half written"
        case .locked, .mustRetry: "try again"
        case .readOnly: "use the address of the primary server"
        case .tooNew: "update this program"
        case .tooOldServer, .unusableText, .constraint, .failed: nil
        }
    }

    /// Whether the same may succeed at once on a new connection.
    var isLostConnection: Bool { if case .unreachable = self { true } else { false } }
}

extension PostgreSQLError {
    /// The one table from the SQL standard's codes to our errors; nil is what libpq says without the server.
    init(state: String?, reason: String, sql: String, database: String) {
        let reason = String(reason.split(whereSeparator: \.isNewline).first ?? "no reason given")
        guard let state else {
            self = .unreachable(database: database, reason: reason)
            return
        }
        switch state {
        case "53100": self = .diskFull(database: database)
        case "55P03": self = .locked(database: database)
        case "25006": self = .readOnly(database: database)
        case "40001", "40P01": self = .mustRetry(database: database)
        case "22021", "22P05": self = .unusableText(database: database, reason: reason)
        case "3D000", "42501": self = .denied(database: database, reason: reason)
        // The server stops, starts, was told to let go of us, or has no place for another connection.
        case "57P01", "57P02", "57P03", "57P05", "53300": self = .unreachable(database: database, reason: reason)
        default:
            switch state.prefix(2) {
            case "08": self = .unreachable(database: database, reason: reason)
            case "23": self = .constraint(database: database, reason: reason, sql: sql)
            case "28": self = .denied(database: database, reason: reason)
            default: self = .failed(database: database, state: state, reason: reason, sql: sql)
            }
        }
    }
}
