package import Diagnostics

/// Why a database could not do what was asked. Carries the statement's text but never the values bound to it, which
/// may be secrets.
package enum DatabaseError: UserFacingError, Equatable {
    case cannotOpen(path: String, reason: String)
    case denied(path: String)
    case readOnly(path: String)
    case locked(path: String)
    case diskFull(path: String)
    case notADatabase(path: String)
    case corrupt(path: String, reason: String)
    case tooNew(path: String, version: Int, knownVersion: Int)
    /// A rule of the schema (unique, not null, foreign key) refused the change.
    case constraint(path: String, reason: String, sql: String)
    case failed(path: String, code: Int32, reason: String, sql: String?)

    package var kind: ErrorKind {
        switch self {
        case .cannotOpen, .diskFull: .unavailable
        case .denied, .readOnly: .denied
        case .locked, .constraint: .conflict
        case .notADatabase, .corrupt: .corrupt
        case .tooNew: .invalidInput
        case .failed: .internal
        }
    }

    package var message: String {
        switch self {
        case .cannotOpen(let path, let reason): "database \(path) cannot be opened: \(reason)"
        case .denied(let path): "database \(path) cannot be opened: permission denied"
        case .readOnly(let path): "database \(path) is read-only"
        case .locked(let path): "database \(path) is locked by another process"
        case .diskFull(let path): "disk full while writing database \(path)"
        case .notADatabase(let path): "file \(path) is not a database"
        case .corrupt(let path, let reason): "database \(path) is damaged: \(reason)"
        case .tooNew(let path, let version, let known):
            "database \(path) has format version \(version); this program reads up to version \(known)"
        case .constraint(let path, let reason, let sql): "database \(path) refused a change: \(reason), in `\(sql)`"
        case .failed(let path, let code, let reason, let sql):
            "database \(path): \(reason) (SQLite error \(code))" + (sql.map { ", in `\($0)`" } ?? "")
        }
    }

    package var hint: String? {
        switch self {
        case .cannotOpen: "check that its folder exists and is not full"
        case .denied, .readOnly: "check the permissions of the file and of its folder"
        case .locked: "wait for the other process to finish, then try again"
        case .diskFull: "free some space, then try again; nothing was half written"
        case .notADatabase, .corrupt: "restore the file from a backup, or move it away"
        case .tooNew: "update this program"
        case .constraint, .failed: nil
        }
    }
}
