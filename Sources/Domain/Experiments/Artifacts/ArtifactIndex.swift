package import Diagnostics
package import Files
package import Objects

/// A file that was logged: where, and which object of the store it is.
package struct Artifact: Sendable, Equatable {
    /// From the root of all artifacts: `0/<run>/artifacts/model/weights.bin`.
    package var path: RelativePath
    package var digest: Digest
    package var modifiedAt: Timestamp

    package init(path: RelativePath, digest: Digest, modifiedAt: Timestamp) {
        self.path = path
        self.digest = digest
        self.modifiedAt = modifiedAt
    }
}

/// One name in a folder of artifacts.
package struct ArtifactEntry: Sendable, Equatable {
    package var name: [UInt8]
    /// Nil for a folder.
    package var sizeBytes: UInt64?

    package init(name: [UInt8], sizeBytes: UInt64?) {
        self.name = name
        self.sizeBytes = sizeBytes
    }
}

/// Which artifacts there are; their bytes are objects of the store. Folders are there while something is in them.
/// Contracts as in `ExperimentStore`.
package protocol ArtifactIndex: Sendable {
    /// Takes the place of an artifact of that path. A path below a file, or that of a folder, is refused.
    func putArtifact(_ artifact: Artifact) throws
    /// Nil if there is none; a folder is none.
    func artifact(_ path: RelativePath) throws -> Artifact?
    /// The names in a folder, by their bytes; none if there is no such folder.
    func listArtifacts(in folder: RelativePath) throws -> [ArtifactEntry]
    /// Every file at or below the path, by path.
    func artifacts(atOrBelow path: RelativePath) throws -> [Artifact]
    /// Removes a file, or a folder with all in it. Answers how many files there were.
    @discardableResult
    func removeArtifacts(atOrBelow path: RelativePath) throws -> Int
    /// The folder of a run's artifacts: the place is fixed, so that an artifact's path tells its run.
    func artifactFolder(of run: RunID) throws -> RelativePath
}

package enum ArtifactError: UserFacingError, Equatable {
    case isFolder(RelativePath)
    case parentIsFile(RelativePath)

    package var kind: ErrorKind { .invalidInput }

    package var message: String {
        switch self {
        case .isFolder(let path): "artifact \(path) is a folder"
        case .parentIsFile(let path): "artifact \(path) would lie below a file"
        }
    }
}
