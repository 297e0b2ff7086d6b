import Files
import Hashing
import Objects

/// Reads a file's content so that what is remembered of it is true.
///
/// It waits until the file is older than a step of the file system's clock, so that a change after the reading must
/// show in the status; and it reads again if the file changed meanwhile.
struct ContentReader {
    let workspace: Workspace

    /// How often a file is read that is written to meanwhile.
    private static let attempts = 5

    /// Reads the file by `read`, which answers the digest of what it read.
    func state(
        of file: Scan.File, _ read: (AbsolutePath) throws -> Digest
    ) throws -> FileState {
        let path = workspace.project.root.appending(file.path)
        var before = try status(of: file, at: path)
        for _ in 0..<Self.attempts {
            let wait = FileClock.waitNanoseconds(for: before, at: FileSystem.nowNanoseconds())
            if wait > 0 {
                FileSystem.wait(nanoseconds: wait)
                before = try status(of: file, at: path)
            }
            let start = FileSystem.nowNanoseconds()
            workspace.countContentRead()
            let digest = try read(path)
            let after = try status(of: file, at: path)
            if after == before, after.sizeBytes == digest.sizeBytes {
                return FileState(status: after, digest: digest, isSettled: FileClock.isSettled(after, at: start))
            }
            before = after
        }
        throw WorkspaceError.keepsChanging(file.path)
    }

    private func status(of file: Scan.File, at path: AbsolutePath) throws -> FileStatus {
        let status =
            try file.followsLink ? workspace.files.statusFollowingLinks(of: path) : workspace.files.status(of: path)
        guard let status else { throw WorkspaceError.missing(file.path) }
        // It was a file when it was found.
        guard status.kind == .file else { throw WorkspaceError.keepsChanging(file.path) }
        return status
    }

    /// The digest of the file's content. Where only its status differs from what is remembered, XXH3 finds that out,
    /// and the SHA-256, which takes five times as long, is not computed again.
    func digest(of file: Scan.File, at path: AbsolutePath) throws -> Digest {
        let source = try workspace.files.open(path)
        let sizeBytes = try source.status().sizeBytes
        if let known = file.remembered?.digest, known.sizeBytes == sizeBytes {
            let hash = XXH3()
            var count: UInt64 = 0
            try source.forEachPiece(expectedBytes: sizeBytes) { piece in
                hash.update(piece)
                count += UInt64(piece.byteCount)
            }
            if ObjectID(hash.digest()) == known.id, count == known.sizeBytes { return known }
            try source.rewind()
        }
        let digests = DigestBuilder()
        try source.forEachPiece(expectedBytes: sizeBytes) { digests.update($0) }
        return Digest(digests.finish())
    }
}
