import Files
import Hashing
import Threads
import Zstd

extension ObjectBatch {
    /// A file too large for the memory is copied first, because its id is not known before it was read.
    func putLarge(_ source: borrowing OpenFile) throws -> Digest {
        try putLarge { target in
            if try target.reflink(source) {
                let digests = DigestBuilder()
                try target.forEachPiece { digests.update($0) }
                return (Digest(digests.finish()), false)
            }
            let prefix = try source.readPrefix(Compressibility.probeBytes)
            try source.rewind()
            return try copy(to: target, prefix: prefix) { try $0.forEachPiece(of: source, $1) }
        }
    }

    /// The same for several files, one after the other.
    func putLarge(joining files: [AbsolutePath]) throws -> Digest {
        try putLarge { target in
            let prefix = try files.first.map { try store.fileSystem.open($0).readPrefix(Compressibility.probeBytes) }
            return try copy(to: target, prefix: prefix ?? []) { hashing, body in
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
    private func copy(
        to target: borrowing OpenFile, prefix: [UInt8],
        _ read: (_ hashing: HashingThread, _ body: (RawSpan) throws -> Void) throws -> Void
    ) throws -> (Digest, isCompressed: Bool) {
        let hashing = HashingThread()
        // Ended whatever happens; what it answers counts only if nothing did.
        defer { _ = hashing.finish() }
        guard store.compresses, Compressibility.isWorthwhile(prefix) else {
            var count: UInt64 = 0
            try read(hashing) { piece in
                try target.write(piece)
                count += UInt64(piece.byteCount)
                // The disk begins at once, not when all is in memory.
                if count % Self.flushBytes < UInt64(OpenFile.pieceBytes) { target.beginWritingBack() }
            }
            return (Digest(hashing.finish()), false)
        }
        let compressor = ZstdCompressor()
        try read(hashing) { piece in try compressor.update(piece) { try target.write($0) } }
        try compressor.finish { try target.write($0) }
        return (Digest(hashing.finish()), true)
    }

    private static var flushBytes: UInt64 { 32 << 20 }
}

/// Hashes what another thread reads and writes meanwhile: SHA-256 alone takes as long as both.
private final class HashingThread: Sendable {
    private struct State: Sendable {
        var filled: [Piece] = []
        var free: [[UInt8]]
        var isAtEnd = false
        var result: Outcome?
    }

    private struct Piece: Sendable {
        let bytes: [UInt8]
        let count: Int
    }

    private struct Outcome: Sendable {
        let xxh3: XXH3Digest
        let sha256: SHA256Digest
        let byteCount: UInt64
    }

    private let state: Guarded<State>
    private static let pieceCount = 6

    init() {
        let state = Guarded(
            State(free: (0..<Self.pieceCount).map { _ in [UInt8](repeating: 0, count: OpenFile.pieceBytes) }))
        self.state = state
        _ = Thread.start(name: "hashing") {
            let digests = DigestBuilder()
            while let piece = Self.next(state) {
                digests.update(piece.bytes.span.extracting(0..<piece.count).bytes)
                state.withLock { $0.free.append(piece.bytes) }
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

    /// Reads the file from its start to its end, hands each piece over, and hashes it.
    func forEachPiece(of source: borrowing OpenFile, _ body: (RawSpan) throws -> Void) throws {
        var offset: UInt64 = 0
        while true {
            var buffer = state.wait { $0.free.popLast() }
            let count: Int
            do {
                var filled = 0
                var failure: FileError?
                buffer.withUnsafeMutableBytes { raw in
                    do throws(FileError) {
                        filled = try source.read(into: raw, at: offset)
                    } catch {
                        failure = error
                    }
                }
                if let failure { throw failure }
                count = filled
            }
            if count == 0 {
                // The next file needs it.
                let free = buffer
                state.withLock { $0.free.append(free) }
                return
            }
            offset += UInt64(count)
            let piece = Piece(bytes: buffer, count: count)
            state.withLock { $0.filled.append(piece) }
            try body(piece.bytes.span.extracting(0..<count).bytes)
        }
    }

    /// Waits until all is hashed. May be called again.
    func finish() -> (xxh3: XXH3Digest, sha256: SHA256Digest, byteCount: UInt64) {
        state.withLock { $0.isAtEnd = true }
        let outcome = state.wait { $0.result }
        return (outcome.xxh3, outcome.sha256, outcome.byteCount)
    }
}
