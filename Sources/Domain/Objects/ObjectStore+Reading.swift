import Files
import Hashing
import Zstd

extension ObjectStore {
    /// The object's bytes, verified against all that `digest` says.
    package func read(_ digest: Digest) throws -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(clamping: digest.sizeBytes))
        try forEachPiece(of: digest) { piece in piece.withUnsafeBytes { bytes.append(contentsOf: $0) } }
        return bytes
    }

    /// Hands over the object piece by piece. Throws at the end if they are not what `digest` says: what was made of
    /// them must then be thrown away.
    package func forEachPiece(of digest: Digest, _ body: (RawSpan) throws -> Void) throws {
        try withContent(of: digest.id) { bytes in
            // Before anything is handed over.
            let found = Digest(of: bytes)
            try Self.check((found.id.hash, found.sha256, found.sizeBytes), digest)
            if !bytes.isEmpty { try body(bytes.span.bytes) }
        } loose: { file, isCompressed in
            let digests = DigestBuilder()
            let limit = isCompressed ? digest.sizeBytes : nil
            try forEachContentPiece(of: digest.id, file, isCompressed, limitBytes: limit) { piece in
                digests.update(piece)
                try body(piece)
            }
            try Self.check(digests.finish(), digest)
        }
    }

    private static func check(
        _ found: (xxh3: XXH3Digest, sha256: SHA256Digest, byteCount: UInt64), _ digest: Digest
    ) throws {
        if found.byteCount != digest.sizeBytes {
            let damage = Damage.otherSize(expectedBytes: digest.sizeBytes, foundBytes: found.byteCount)
            throw ObjectError.damaged(digest.id, damage)
        }
        if ObjectID(found.xxh3) != digest.id { throw ObjectError.damaged(digest.id, .otherContent) }
        if found.sha256 != digest.sha256 { throw ObjectError.damaged(digest.id, .otherSHA256) }
    }

    // MARK: The one way to an object's bytes

    /// Lends the object's content: in memory, checked against the id, if a pack has it whole; else its file. `strictly`:
    /// a pack has it whole only if what says what it is, beside it, is whole too.
    func withContent<Result>(
        of id: ObjectID, strictly: Bool = false, packed: ([UInt8]) throws -> Result,
        loose: (borrowing OpenFile, Bool) throws -> Result
    ) throws -> Result {
        var damage: Damage?
        // Looking again: a file can become part of a pack between the one look and the other.
        for look in [PackSet.Look.known, .fresh] {
            switch try packedContent(id, look, strictly: strictly) {
            case .whole(let bytes): return try packed(bytes)
            case .damaged(let found): damage = found
            case .absent: break
            }
            var result: Result?
            if try withLooseObject(id, { result = try loose($0, $1) }), let result { return result }
        }
        if let damage { throw ObjectError.damaged(id, damage) }
        throw ObjectError.missing(id)
    }

    /// Lends the file that holds the object: the plain one if there is one. False if there is none.
    func withLooseObject(_ id: ObjectID, _ body: (borrowing OpenFile, Bool) throws -> Void) throws -> Bool {
        for (path, isCompressed) in [(paths.plain(id), false), (paths.compressed(id), true)] {
            let file: OpenFile
            do throws(FileError) {
                file = try fileSystem.open(path)
            } catch {
                if error.reason == .notFound { continue }
                throw error
            }
            try body(file, isCompressed)
            return true
        }
        return false
    }

    /// Hands over what the file stands for. `limitBytes` bounds what a frame may hold; nil for no bound.
    func forEachContentPiece(
        of id: ObjectID, _ file: borrowing OpenFile, _ isCompressed: Bool, limitBytes: UInt64?,
        _ body: (RawSpan) throws -> Void
    ) throws {
        guard isCompressed else {
            try file.forEachPiece(expectedBytes: file.status().sizeBytes, body)
            return
        }
        do {
            let decompressor = ZstdDecompressor(limitBytes: limitBytes ?? .max)
            try file.forEachPiece(expectedBytes: file.status().sizeBytes) { try decompressor.update($0, body) }
            try decompressor.finish()
        } catch let error as ZstdError {
            throw ObjectError.damaged(id, .badCompression(error.message))
        }
    }
}
