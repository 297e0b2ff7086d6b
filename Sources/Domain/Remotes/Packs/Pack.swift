import Hashing
import Zstd

/// How a chunk lies in a pack.
enum ChunkEncoding: UInt8, Sendable {
    case plain = 0
    case zstd = 1
}

/// A chunk as it is stored, and what it stands for.
struct EncodedChunk: Sendable {
    let sha256: SHA256Digest
    let plainBytes: Int
    let encoding: ChunkEncoding
    let stored: [UInt8]

    /// Hashes the chunk, and compresses it where that saves one byte of twenty.
    init(plain: [UInt8]) {
        sha256 = SHA256.hash(plain)
        plainBytes = plain.count
        let frame = Self.compress(plain)
        if let frame, frame.count <= plain.count - plain.count / 20 {
            (encoding, stored) = (.zstd, frame)
        } else {
            (encoding, stored) = (.plain, plain)
        }
    }

    /// As it was stored elsewhere; `location` says how.
    init(stored: [UInt8], _ sha256: SHA256Digest, like location: ChunkLocation) {
        self.sha256 = sha256
        self.stored = stored
        plainBytes = Int(location.plainBytes)
        encoding = location.encoding
    }

    /// Float weights and media compress by little at great cost: the first part of a chunk tells.
    private static func compress(_ plain: [UInt8]) -> [UInt8]? {
        if plain.count < 64 { return nil }
        if plain.count > probeBytes {
            let probe = ZstdCompressor.compress(Array(plain.prefix(probeBytes)))
            if probe.count > probeBytes - probeBytes / 20 { return nil }
        }
        return ZstdCompressor.compress(plain)
    }

    private static let probeBytes = 64 << 10
}

/// Where a chunk lies: in one pack of a segment's list.
struct ChunkLocation: Hashable, Sendable {
    /// Its number in a list of packs.
    var pack: UInt32
    let offset: UInt32
    let storedBytes: UInt32
    let plainBytes: UInt32
    let encoding: ChunkEncoding

    /// The chunk out of its stored bytes, checked against `sha256`.
    func decode(_ stored: [UInt8], expecting sha256: SHA256Digest) throws(FormatProblem) -> [UInt8] {
        guard stored.count == Int(storedBytes) else { throw .endsTooEarly }
        let plain: [UInt8]
        switch encoding {
        case .plain: plain = stored
        case .zstd:
            do {
                plain = try ZstdDecompressor.decompress(stored, limitBytes: UInt64(plainBytes))
            } catch {
                throw .badCompression
            }
        }
        guard plain.count == Int(plainBytes), SHA256.hash(plain) == sha256 else { throw .otherContent }
        return plain
    }
}

/// A file of many chunks. docs/formats/remote.md, "Packs".
struct Pack: Sendable {
    let sha256: SHA256Digest
    let bytes: [UInt8]
    let chunks: [(sha256: SHA256Digest, location: ChunkLocation)]

    var name: RemoteName { RemoteName(pack: sha256) }

    static let magic: StaticString = "REPROPK1"
    static let endMagic: StaticString = "PKEN"
    fileprivate static let entryBytes = 41

    fileprivate init(bytes: [UInt8], chunks: [(sha256: SHA256Digest, location: ChunkLocation)]) {
        self.bytes = bytes
        self.chunks = chunks
        sha256 = SHA256.hash(bytes)
    }

    /// Reads a whole pack, whose name said `sha256`.
    init(decoding bytes: [UInt8], expecting sha256: SHA256Digest) throws(FormatProblem) {
        guard SHA256.hash(bytes) == sha256 else { throw .otherContent }
        guard bytes.count >= 16, bytes.starts(with: Array("\(Self.magic)".utf8)),
            bytes.suffix(4).elementsEqual(Array("\(Self.endMagic)".utf8))
        else { throw .wrongMagic }
        var tail = ByteReader(bytes, range: bytes.count - 8..<bytes.count - 4)
        let count = try Int(tail.number(UInt32.self))
        guard count <= (bytes.count - 16) / Self.entryBytes else { throw .endsTooEarly }
        let directory = bytes.count - 8 - count * Self.entryBytes
        var reader = ByteReader(bytes, range: directory..<bytes.count - 8)
        var offset = 8
        var chunks: [(SHA256Digest, ChunkLocation)] = []
        for _ in 0..<count {
            let key = try reader.digest()
            let (stored, plain) = (try reader.number(UInt32.self), try reader.number(UInt32.self))
            guard let encoding = ChunkEncoding(rawValue: try reader.number()) else { throw .badEncoding }
            let location = ChunkLocation(
                pack: 0, offset: UInt32(offset), storedBytes: stored, plainBytes: plain, encoding: encoding)
            chunks.append((key, location))
            offset += Int(stored)
            guard offset <= directory else { throw .badReference }
        }
        guard offset == directory else { throw .badReference }
        self.bytes = bytes
        self.sha256 = sha256
        self.chunks = chunks
    }
}

/// What is in a pack, without its bytes.
struct PackListing: Sendable {
    let sha256: SHA256Digest
    let sizeBytes: UInt64
    let chunks: [(sha256: SHA256Digest, location: ChunkLocation)]

    init(sha256: SHA256Digest, sizeBytes: UInt64, chunks: [(sha256: SHA256Digest, location: ChunkLocation)]) {
        self.sha256 = sha256
        self.sizeBytes = sizeBytes
        self.chunks = chunks
    }

    init(_ pack: Pack) {
        sha256 = pack.sha256
        sizeBytes = UInt64(pack.bytes.count)
        chunks = pack.chunks
    }
}

/// A pack that is being filled.
struct PackBuilder {
    private var writer = PackBuilder.emptyWriter()
    private var chunks: [(sha256: SHA256Digest, location: ChunkLocation)] = []

    var isEmpty: Bool { chunks.isEmpty }
    var isFull: Bool { writer.bytes.count >= RemoteFormat.packTargetBytes }

    mutating func append(_ chunk: EncodedChunk) {
        let location = ChunkLocation(
            pack: 0, offset: UInt32(writer.bytes.count), storedBytes: UInt32(chunk.stored.count),
            plainBytes: UInt32(chunk.plainBytes), encoding: chunk.encoding)
        chunks.append((chunk.sha256, location))
        writer.write(chunk.stored)
    }

    /// The pack, and an empty builder for the next one. A pack whose name is among `taken` gets one chunk more that
    /// nobody will ask for, and so another name.
    mutating func finish(avoiding taken: Set<SHA256Digest> = []) -> Pack {
        if taken.isEmpty { return close() }
        var salted = self
        let pack = close()
        if !taken.contains(pack.sha256) { return pack }
        salted.append(EncodedChunk(plain: (0..<16).map { _ in UInt8.random(in: .min ... .max) }))
        return salted.close()
    }

    private mutating func close() -> Pack {
        for (sha256, location) in chunks {
            writer.write(sha256)
            writer.write(location.storedBytes)
            writer.write(location.plainBytes)
            writer.write(location.encoding.rawValue)
        }
        writer.write(UInt32(chunks.count))
        writer.write(Pack.endMagic)
        let pack = Pack(bytes: writer.bytes, chunks: chunks)
        writer = Self.emptyWriter()
        chunks = []
        return pack
    }

    private static func emptyWriter() -> ByteWriter {
        // Growing by doubling would take twice the memory, of each pack under way. Memory that is not written costs nothing.
        var writer = ByteWriter(capacity: RemoteFormat.packTargetBytes + RemoteFormat.chunkLimitBytes)
        writer.write(Pack.magic)
        return writer
    }
}

extension RemoteName {
    init(condemned sha256: SHA256Digest) {
        self.init(unchecked: "\(RemoteFormat.condemnedFolder)/\(sha256).list")
    }

    init(pack sha256: SHA256Digest) { self.init(unchecked: "\(RemoteFormat.packFolder)/\(sha256).pack") }

    init(segment sha256: SHA256Digest) { self.init(unchecked: "\(RemoteFormat.indexFolder)/\(sha256).segment") }
}
