import Hashing
package import Objects
import Zstd

/// Something that is looked up by a name and not by a digest. docs/formats/remote.md, "Records".
package struct RemoteRecord: Hashable, Sendable {
    package enum Kind: UInt8, Sendable, CaseIterable {
        /// Named by a stage key.
        case runCache = 1
        /// Named by a run's id.
        case run = 2
        /// Named by the SHA-256 of the content: what a push has vouched for.
        case claim = 3
    }

    package let kind: Kind
    /// Letters, digits, `.`, `-` and `_`; at most 200.
    package let name: String
    package let content: Digest

    package init?(kind: Kind, name: String, content: Digest) {
        guard Self.isAllowed(name) else { return nil }
        self.kind = kind
        self.name = name
        self.content = content
    }

    private static func isAllowed(_ name: String) -> Bool {
        (1...200).contains(name.utf8.count) && name.utf8.first != UInt8(ascii: ".")
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}

/// An object as a remote keeps it: its chunks in order.
struct RemoteObject: Hashable, Sendable {
    let digest: Digest
    let chunks: [SHA256Digest]
}

/// What one push, or a part of it, added to a remote. docs/formats/remote.md, "Index segments".
struct IndexSegment: Sendable {
    struct PackEntry: Hashable, Sendable {
        let sha256: SHA256Digest
        let sizeBytes: UInt64
    }

    var packs: [PackEntry] = []
    var chunks: [(sha256: SHA256Digest, location: ChunkLocation)] = []
    var objects: [RemoteObject] = []
    var records: [RemoteRecord] = []

    static let magic: StaticString = "REPROIX1"

    var isEmpty: Bool { chunks.isEmpty && objects.isEmpty && records.isEmpty }

    mutating func add(_ pack: PackListing) {
        let number = UInt32(packs.count)
        packs.append(PackEntry(sha256: pack.sha256, sizeBytes: pack.sizeBytes))
        for (sha256, location) in pack.chunks {
            var location = location
            location.pack = number
            chunks.append((sha256, location))
        }
    }

    // MARK: Writing

    /// The file, sorted as the format asks.
    func encoded() -> [UInt8] {
        var body = ByteWriter()
        body.write(UInt32(packs.count))
        for pack in packs {
            body.write(pack.sha256)
            body.write(pack.sizeBytes)
        }
        body.write(UInt32(chunks.count))
        for (sha256, location) in chunks.sorted(by: { $0.sha256 < $1.sha256 }) {
            body.write(sha256)
            body.write(location.pack)
            body.write(location.offset)
            body.write(location.storedBytes)
            body.write(location.plainBytes)
            body.write(location.encoding.rawValue)
        }
        body.write(UInt32(objects.count))
        for object in objects.sorted(by: { $0.digest.sha256 < $1.digest.sha256 }) {
            Self.write(object.digest, to: &body)
            let isSingle = object.chunks == [object.digest.sha256]
            body.write(UInt32(isSingle ? 0 : object.chunks.count))
            if !isSingle { for chunk in object.chunks { body.write(chunk) } }
        }
        body.write(UInt32(records.count))
        for record in records.sorted(by: { ($0.kind.rawValue, $0.name) < ($1.kind.rawValue, $1.name) }) {
            body.write(record.kind.rawValue)
            body.write(UInt16(record.name.utf8.count))
            body.write(record.name.utf8)
            Self.write(record.content, to: &body)
        }
        var file = ByteWriter()
        file.write(Self.magic)
        file.write(UInt32(body.bytes.count))
        // Each digest of an object of one chunk is there twice: a third of the whole, but only if that is seen.
        file.write(ZstdCompressor.compressRepetitive(body.bytes))
        return file.bytes
    }

    private static func write(_ digest: Digest, to writer: inout ByteWriter) {
        writer.write(digest.id.hash.high)
        writer.write(digest.id.hash.low)
        writer.write(digest.sha256)
        writer.write(digest.sizeBytes)
    }

    init() {}

    // MARK: Reading

    /// Reads a file, whose name said `sha256`. Nothing in it is believed beyond its form.
    init(decoding bytes: [UInt8], expecting sha256: SHA256Digest) throws(FormatProblem) {
        guard SHA256.hash(bytes) == sha256 else { throw .otherContent }
        var head = ByteReader(bytes)
        guard try head.take(8) == Array("\(Self.magic)".utf8) else { throw .wrongMagic }
        let size = try Int(head.number(UInt32.self))
        guard size <= RemoteFormat.segmentBodyLimitBytes else { throw .tooLarge }
        let body: [UInt8]
        do {
            body = try ZstdDecompressor.decompress(Array(bytes[head.position...]), limitBytes: UInt64(size))
        } catch {
            throw .badCompression
        }
        guard body.count == size else { throw .endsTooEarly }
        var reader = ByteReader(body)
        try readPacks(&reader)
        try readChunks(&reader)
        try readObjects(&reader)
        try readRecords(&reader)
        guard reader.remaining == 0 else { throw .tooLong }
    }

    private mutating func readPacks(_ reader: inout ByteReader) throws(FormatProblem) {
        for _ in 0..<(try reader.count(ofEntries: 40)) {
            let pack = PackEntry(sha256: try reader.digest(), sizeBytes: try reader.number())
            guard pack.sizeBytes <= UInt64(RemoteFormat.packLimitBytes) else { throw .tooLarge }
            packs.append(pack)
        }
    }

    private mutating func readChunks(_ reader: inout ByteReader) throws(FormatProblem) {
        let count = try reader.count(ofEntries: 49)
        chunks.reserveCapacity(count)
        for _ in 0..<count {
            let sha256 = try reader.digest()
            let (pack, offset) = (try reader.number(UInt32.self), try reader.number(UInt32.self))
            let (stored, plain) = (try reader.number(UInt32.self), try reader.number(UInt32.self))
            guard let encoding = ChunkEncoding(rawValue: try reader.number()) else { throw .badEncoding }
            guard max(stored, plain) <= UInt32(RemoteFormat.chunkLimitBytes) else { throw .tooLarge }
            guard Int(pack) < packs.count, UInt64(offset) + UInt64(stored) <= packs[Int(pack)].sizeBytes else {
                throw .badReference
            }
            let location = ChunkLocation(
                pack: pack, offset: offset, storedBytes: stored, plainBytes: plain, encoding: encoding)
            chunks.append((sha256, location))
        }
    }

    private mutating func readObjects(_ reader: inout ByteReader) throws(FormatProblem) {
        let count = try reader.count(ofEntries: 60)
        objects.reserveCapacity(count)
        for _ in 0..<count {
            let digest = try Self.readDigest(&reader)
            let chunkCount = try reader.count(ofEntries: 32)
            var chunks: [SHA256Digest] = []
            for _ in 0..<chunkCount { chunks.append(try reader.digest()) }
            if chunkCount == 0, digest.sizeBytes > 0 { chunks = [digest.sha256] }
            objects.append(RemoteObject(digest: digest, chunks: chunks))
        }
    }

    private mutating func readRecords(_ reader: inout ByteReader) throws(FormatProblem) {
        for _ in 0..<(try reader.count(ofEntries: 59)) {
            guard let kind = RemoteRecord.Kind(rawValue: try reader.number()) else { throw .badRecord }
            let name = String(decoding: try reader.take(Int(try reader.number(UInt16.self))), as: UTF8.self)
            let content = try Self.readDigest(&reader)
            guard let record = RemoteRecord(kind: kind, name: name, content: content) else { throw .badRecord }
            records.append(record)
        }
    }

    private static func readDigest(_ reader: inout ByteReader) throws(FormatProblem) -> Digest {
        let id = ObjectID(XXH3Digest(high: try reader.number(), low: try reader.number()))
        return Digest(id: id, sha256: try reader.digest(), sizeBytes: try reader.number())
    }
}
