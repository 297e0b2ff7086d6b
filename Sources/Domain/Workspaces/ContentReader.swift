import Files
import Hashing
import Objects

/// Reads a file's content so that what is remembered of it is true.
///
/// It waits until the file is older than a step of the file system's clock, so that a change after the reading must
/// show in the status, unless the workspace settles such files later; and it reads again if the file changed meanwhile.
struct ContentReader: Sendable {
    let workspace: Workspace

    /// How often a file is read that is written to meanwhile.
    private static let attempts = 5

    /// Reads the file by `read`, which answers the digest of what it read, and may say meanwhile how many bytes it has
    /// read more. `meter` hears of these, and they are added to `told`.
    func state(
        of file: FoundFile, _ meter: WorkMeter, _ told: inout Int, _ read: SurveyPurpose.Reading
    ) throws -> FileState {
        var toldOfThis = 0
        // What the walk saw. If it is the same after the reading, the file was as it is all the time.
        var before = file.status
        for _ in 0..<Self.attempts {
            let wait = FileClock.waitNanoseconds(for: before, at: FileSystem.nowNanoseconds())
            if wait > 0, !workspace.putsOffSettling(of: file.path, sizeBytes: before.sizeBytes) {
                FileSystem.wait(nanoseconds: wait)
            }
            let start = FileSystem.nowNanoseconds()
            let source = try open(file)
            workspace.countContentRead()
            if toldOfThis > 0 { meter.advanced(bytes: -toldOfThis) }
            toldOfThis = 0
            let digest = try read(file, source) { count in
                toldOfThis += count
                meter.advanced(bytes: count)
            }
            // Of the open file: one that was replaced meanwhile has lost its name, which shows in its time of change.
            let after = try source.status()
            if after.kind != .file { throw WorkspaceError.keepsChanging(file.path) }
            if after == before, after.sizeBytes == digest.sizeBytes {
                told += toldOfThis
                return FileState(status: after, digest: digest, isSettled: FileClock.isSettled(after, at: start))
            }
            before = after
        }
        throw WorkspaceError.keepsChanging(file.path)
    }

    private func open(_ file: FoundFile) throws -> OpenFile {
        do throws(FileError) {
            if let folder = file.folder { return try folder.folder.openFile(file.path.name) }
            return try workspace.files.open(workspace.project.root.appending(file.path))
        } catch {
            switch error.reason {
            case .notFound: throw WorkspaceError.missing(file.path)
            // It was a file when it was found.
            case .tooManySymbolicLinks, .isAFolder: throw WorkspaceError.keepsChanging(file.path)
            default: throw error
            }
        }
    }

    /// The digest of the file's content. Where only its status differs from what is remembered, XXH3 finds that out,
    /// and the SHA-256, which takes five times as long, is not computed again.
    func digest(
        of file: FoundFile, _ source: borrowing OpenFile, _ advanced: (Int) -> Void
    ) throws -> Digest {
        let sizeBytes = file.status.sizeBytes
        if let known = file.remembered?.digest, known.sizeBytes == sizeBytes {
            let hash = XXH3()
            var count: UInt64 = 0
            try source.forEachPiece(expectedBytes: sizeBytes) { piece in
                hash.update(piece)
                count += UInt64(piece.byteCount)
                if sizeBytes >= UInt64(OpenFile.pieceBytes) { advanced(piece.byteCount) }
            }
            if ObjectID(hash.digest()) == known.id, count == known.sizeBytes { return known }
            try source.rewind()
            if sizeBytes >= UInt64(OpenFile.pieceBytes) { advanced(-Int(clamping: count)) }
        }
        if sizeBytes < UInt64(OpenFile.pieceBytes) {
            return Digest(of: try source.readAll(expectedBytes: sizeBytes))
        }
        let digests = DigestBuilder()
        try source.forEachPiece(expectedBytes: sizeBytes) { piece in
            digests.update(piece)
            advanced(piece.byteCount)
        }
        return Digest(digests.finish())
    }
}
