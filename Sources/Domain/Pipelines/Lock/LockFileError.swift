package import Diagnostics

/// A `repro.lock` that cannot be used. Nothing is lost by removing it: the run cache gives the outs back.
package enum LockFileError: UserFacingError, Equatable {
    case version(found: Int, location: SourceLocation)
    case mergeConflict(location: SourceLocation)
    case malformed(String, location: SourceLocation)

    package var kind: ErrorKind { .invalidInput }

    package var message: String {
        switch self {
        case .version(let found, _) where found > LockFile.version:
            "the lock file has version \(found), newer than this Repro reads (\(LockFile.version))"
        case .version(let found, _): "the lock file has version \(found), which this Repro does not read"
        case .mergeConflict: "the lock file has a merge conflict"
        case .malformed(let what, _): "the lock file is damaged: \(what)"
        }
    }

    package var hint: String? {
        switch self {
        case .version(let found, _) where found > LockFile.version: "install a newer Repro"
        case .mergeConflict: "take either side whole (`git checkout --theirs repro.lock`), then `repro run`"
        case .version, .malformed:
            "take the last good one back (`git checkout repro.lock`), or remove it: `repro run` makes it again"
        }
    }

    package var location: SourceLocation? {
        switch self {
        case .version(_, let location), .mergeConflict(let location), .malformed(_, let location): location
        }
    }
}
