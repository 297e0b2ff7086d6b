package import Diagnostics
package import Files

/// What can be wrong with the store or one of its objects.
package enum ObjectError: UserFacingError, Equatable {
    case noStore(AbsolutePath)
    /// Something else is in the folder that should become a store.
    case notAStore(AbsolutePath)
    case unreadableVersion(AbsolutePath)
    case newerStore(AbsolutePath, version: Int)
    case missing(ObjectID)
    case damaged(ObjectID, Damage)
    /// Two contents with one id.
    case collision(ObjectID, stored: String, new: String)
    /// Not the object's fault: it was read whole, but does not list a folder.
    case notATree(ObjectID, problem: String)

    package var kind: ErrorKind {
        switch self {
        case .noStore, .missing: .notFound
        case .notAStore, .newerStore: .invalidInput
        case .unreadableVersion, .damaged, .notATree: .corrupt
        case .collision: .conflict
        }
    }

    package var message: String {
        switch self {
        case .noStore(let path): "no object store at \(path)"
        case .notAStore(let path): "\(path) holds something that is not an object store"
        case .unreadableVersion(let path): "the store's version in \(path) is damaged"
        case .newerStore(let path, let version):
            "the store \(path) has version \(version); this program reads version \(ObjectStore.version)"
        case .missing(let id): "object \(id) is not in the store"
        case .damaged(let id, let damage): "object \(id) is damaged: \(damage)"
        case .collision(let id, let stored, let new):
            "object \(id) has another content of the same id in the store: SHA-256 \(stored), not \(new)"
        case .notATree(let id, let problem): "object \(id) is not the listing of a folder: \(problem)"
        }
    }

    package var hint: String? {
        switch self {
        case .noStore: "run `repro init` in your project's folder"
        case .notAStore: "set store.path to an empty folder in .repro/config.yaml"
        case .unreadableVersion: "`repro verify --store --repair` writes it again"
        case .newerStore: "use a newer `repro`"
        case .missing: "run the stage that makes it, or fetch it from a remote"
        case .damaged: "run the stage that makes it again with --force, which stores it anew"
        case .collision: "change the new file by one byte, for example by adding an empty line"
        case .notATree: nil
        }
    }
}

/// How an object differs from what its name says.
package enum Damage: Hashable, Sendable, CustomStringConvertible {
    case otherContent
    case otherSize(expectedBytes: UInt64, foundBytes: UInt64)
    /// The id fits, but the SHA-256 that the reader knows does not.
    case otherSHA256
    /// Its compressed form cannot be undone, for the reason given.
    case badCompression(String)
    case unreadable(String)
    /// What stands before its bytes in a pack.
    case badRecord
    /// The pack ends before the object does.
    case cutOff
    indirect case inPack(String, offset: UInt64, Damage)

    package var description: String {
        switch self {
        case .otherContent: "its bytes have changed"
        case .otherSize(let expected, let found): "it has \(found) bytes, not \(expected)"
        case .otherSHA256: "its SHA-256 is not the recorded one"
        case .badCompression(let text): text
        case .unreadable(let text): text
        case .badRecord: "the head of its record is damaged"
        case .cutOff: "its file is too short"
        case .inPack(let pack, let offset, let damage): "\(damage) (pack \(pack), byte \(offset))"
        }
    }
}
