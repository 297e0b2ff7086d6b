import Files
import Hashing
import Threads
import Zstd

extension ObjectBatch {
    /// A file too large for the memory is copied first, because its id is not known before it was read.
    /// `advanced` hears how many bytes more were read.
    func putLarge(_ source: borrowing OpenFile, _ advanced: (Int) -> Void) throws -> Digest {
        try putLarge { target in
            if try target.reflink(source) {
                let digests = DigestBuilder()
                try target.forEachPiece { piece in
                    digests.update(piece)
                    advanced(piece.byteCount)
                }
                return (Digest(digests.finish()), false)
            }
            let prefix = try source.readPrefix(Compressibility.probeBytes)
            try source.rewind()
            let sizeBytes = try source.status().sizeBytes
            return try copy(to: target, prefix: prefix, sizeBytes: sizeBytes) { hashing, body in
                try hashing.forEachPiece(of: source) { piece in
                    try body(piece)
                    advanced(piece.byteCount)
                }
            }
        }
    }

    /// The same for several files, one after the other.
    func putLarge(joining files: [AbsolutePath]) throws -> Digest {
        try putLarge { target in
            let prefix = try files.first.map { try store.fileSystem.open($0).readPrefix(Compressibility.probeBytes) }
            let sizeBytes = try files.reduce(0) { try $0 + (store.fileSystem.status(of: $1)?.sizeBytes ?? 0) }
            return try copy(to: target, prefix: prefix ?? [], sizeBytes: sizeBytes) { hashing, body in
                for file in files { try hashing.forEachPiece(of: store.fileSystem.open(file), body) }
            }
        }
    }

    private func putLarge(
        _ fill: (_ target: borrowing OpenFile) throws -> (Digest, isCompressed: Bool)
    ) throws -> Digest {
        let path = try store.unfinishedPath()
        do {
            let target = try store.fileSystem.create(path, permissions: Self.objectPermissions)
            let (digest, isCompressed) = try fill(target)
            try target.close()
            switch try need(for: digest) {
            case .nothing: try store.fileSystem.removeFile(path)
            case .store(let heals):
                keep(StagedObject(path: path, digest: digest, isCompressed: isCompressed, heals: heals))
            }
            return digest
        } catch {
            _ = try? store.fileSystem.removeFile(path)
            throw error
        }
    }

    /// Copies and hashes in one pass. `read` hands every piece to the thread that hashes, and to what it is given.
    /// `sizeBytes` decides how, and need not be true.
    private func copy(
        to target: borrowing OpenFile, prefix: [UInt8], sizeBytes: UInt64,
        _ read: (_ hashing: HashingThread, _ body: (RawSpan) throws -> Void) throws -> Void
    ) throws -> (Digest, isCompressed: Bool) {
        let isCompressed = store.compresses && Compressibility.isWorthwhile(prefix)
        let isDirect = !isCompressed && sizeBytes >= OpenFile.directFromBytes && target.setDirect(true)
        let hashing = HashingThread(pieceBytes: isDirect ? Self.directPieceBytes : OpenFile.pieceBytes)
        // Ended whatever happens; what it answers counts only if nothing did.
        defer { _ = hashing.finish() }
        if isCompressed {
            let compressor = ZstdCompressor()
            try read(hashing) { piece in try compressor.update(piece) { try target.write($0) } }
            try compressor.finish { try target.write($0) }
        } else {
            var offset: UInt64 = 0
            try read(hashing) { piece in
                try write(piece, at: offset, to: target, isDirect)
                offset += UInt64(piece.byteCount)
            }
        }
        return (Digest(hashing.finish()), isCompressed)
    }

    private func write(
        _ piece: RawSpan, at offset: UInt64, to target: borrowing OpenFile, _ isDirect: Bool
    ) throws(FileError) {
        if isDirect { return try target.writeDirectly(piece, at: offset) }
        try target.write(piece, at: offset)
        // The disk begins at once, not when all is in memory.
        let end = offset + UInt64(piece.byteCount)
        if end % Self.flushBytes < UInt64(OpenFile.pieceBytes) { target.beginWritingBack() }
    }

    private static var flushBytes: UInt64 { 32 << 20 }
    private static var directPieceBytes: Int { 8 << 20 }
}

/// Hashes what another thread reads and writes meanwhile: SHA-256 alone takes as long as both.
private final class HashingThread: Sendable {
    private struct State: Sendable {
        var filled: [Piece] = []
        var free: [PieceMemory]
        var isAtEnd = false
        var result: Outcome?
    }

    private struct Piece: Sendable {
        let memory: PieceMemory
        let count: Int
    }

    private struct Outcome: Sendable {
        let xxh3: XXH3Digest
        let sha256: SHA256Digest
        let byteCount: UInt64
    }

    private let state: Guarded<State>
    private static let pieceCount = 4

    init(pieceBytes: Int) {
        let state = Guarded(State(free: (0..<Self.pieceCount).map { _ in PieceMemory(byteCount: pieceBytes) }))
        self.state = state
        _ = Thread.start(name: "hashing") {
            let digests = DigestBuilder()
            while let piece = Self.next(state) {
                digests.update(piece.memory.filled(piece.count).bytes)
                state.withLock { $0.free.append(piece.memory) }
            }
            let (xxh3, sha256, count) = digests.finish()
            state.withLock { $0.result = Outcome(xxh3: xxh3, sha256: sha256, byteCount: count) }
        }
    }

    /// Nil at the end.
    private static func next(_ state: Guarded<State>) -> Piece? {
        state.wait { state -> Piece?? in
            if !state.filled.isEmpty { return state.filled.removeFirst() }
            return state.isAtEnd ? .some(nil) : nil
        }
    }

    /// Reads the file from its start to its end, hands each piece over, and hashes it. All pieces but the last have the same
    /// size.
    func forEachPiece(of source: borrowing OpenFile, _ body: (RawSpan) throws -> Void) throws {
        var offset: UInt64 = 0
        while true {
            let memory = state.wait { $0.free.popLast() }
            var filled = 0
            while filled < memory.raw.count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: memory.raw[filled...])
                let count = try source.read(into: rest, at: offset + UInt64(filled))
                if count == 0 { break }
                filled += count
            }
            if filled == 0 {
                // Another file may follow, which needs it.
                state.withLock { $0.free.append(memory) }
                return
            }
            let piece = Piece(memory: memory, count: filled)
            state.withLock { $0.filled.append(piece) }
            // This thread fills the memory again only after this, and after the hashing.
            try body(memory.filled(filled).bytes)
            offset += UInt64(filled)
        }
    }

    /// Waits until all is hashed. May be called again.
    func finish() -> (xxh3: XXH3Digest, sha256: SHA256Digest, byteCount: UInt64) {
        state.withLock { $0.isAtEnd = true }
        let outcome = state.wait { $0.result }
        return (outcome.xxh3, outcome.sha256, outcome.byteCount)
    }
}

/// Memory that the disk can read directly.
///
/// `@unchecked Sendable`: one thread fills it, before it passes it on through a lock; from then on it is only read, until it
/// is handed back through the lock to the thread that fills it.
private final class PieceMemory: @unchecked Sendable {
    let raw: UnsafeMutableRawBufferPointer

    init(byteCount: Int) {
        raw = .allocate(byteCount: byteCount, alignment: OpenFile.directAlignment)
    }

    deinit { raw.deallocate() }

    func filled(_ count: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: raw[..<count]) }
}
