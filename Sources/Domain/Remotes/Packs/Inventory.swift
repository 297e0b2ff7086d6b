import Diagnostics
import Hashing
import Objects

/// All that a remote lists: which objects, of which chunks, in which packs.
///
/// Where several segments list the same chunk or object, the first that was added counts. Nothing here is proof that
/// the bytes are there, or right: that is checked when they are read.
struct Inventory: Sendable {
    private(set) var packs: [IndexSegment.PackEntry] = []
    private var chunks: [SHA256Digest: ChunkLocation] = [:]
    private var objects: [SHA256Digest: ObjectEntry] = [:]
    /// Of all objects with several chunks, one after the other.
    private var chunkLists: [SHA256Digest] = []
    private(set) var records: [RecordName: Set<Digest>] = [:]
    private var recordContentCount = 0

    /// By its name, the newest moment at which each claim was made; nil where the server gives files no time.
    private(set) var claims: [String: Timestamp?] = [:]
    /// What is in these packs is not relied on: they are condemned, or were found damaged.
    private let distrusted: Set<SHA256Digest>
    private var distrustedNumbers: Set<UInt32> = []

    init(distrusting distrusted: Set<SHA256Digest> = []) { self.distrusted = distrusted }

    struct RecordName: Hashable, Sendable {
        let kind: RemoteRecord.Kind
        let name: String
    }

    private struct ObjectEntry: Sendable {
        let id: ObjectID
        let sizeBytes: UInt64
        /// In `chunkLists`; the count is 0 where the object is its only chunk.
        let listStart: UInt32
        let listCount: UInt32
    }

    var objectCount: Int { objects.count }
    var chunkCount: Int { chunks.count }
    /// All that takes memory, so that no remote can fill it.
    var entryCount: Int { packs.count + objects.count + chunks.count + chunkLists.count + recordContentCount }

    /// `written`: when, by the server's clock.
    mutating func add(_ segment: IndexSegment, written: Timestamp? = nil) {
        let firstPack = UInt32(packs.count)
        packs += segment.packs
        for (number, pack) in segment.packs.enumerated() where distrusted.contains(pack.sha256) {
            distrustedNumbers.insert(firstPack + UInt32(number))
        }
        chunks.reserveCapacity(chunks.count + segment.chunks.count)
        objects.reserveCapacity(objects.count + segment.objects.count)
        for (sha256, location) in segment.chunks {
            var location = location
            location.pack += firstPack
            if let known = chunks[sha256], isTrusted(known) || !isTrusted(location) { continue }
            chunks[sha256] = location
        }
        for object in segment.objects {
            let key = object.digest.sha256
            if objects[key] != nil { continue }
            let isSingle = object.chunks.count < 2
            objects[key] = ObjectEntry(
                id: object.digest.id, sizeBytes: object.digest.sizeBytes, listStart: UInt32(chunkLists.count),
                listCount: isSingle ? 0 : UInt32(object.chunks.count))
            if !isSingle { chunkLists += object.chunks }
        }
        for record in segment.records {
            let name = RecordName(kind: record.kind, name: record.name)
            if records[name, default: []].insert(record.content).inserted { recordContentCount += 1 }
            if record.kind == .claim {
                let newest = max(
                    claims[record.name].flatMap(\.self)?.milliseconds ?? .min, written?.milliseconds ?? .min)
                claims.updateValue(newest == .min ? nil : Timestamp(milliseconds: newest), forKey: record.name)
            }
        }
    }

    func location(of chunk: SHA256Digest) -> ChunkLocation? { chunks[chunk] }

    func isListed(_ chunk: SHA256Digest) -> Bool { chunks[chunk] != nil }

    /// Whether the chunk is taken from this pack, of all that have it.
    func isAt(_ chunk: SHA256Digest, _ pack: SHA256Digest) -> Bool {
        chunks[chunk].map { packs[Int($0.pack)].sha256 == pack } ?? false
    }

    /// Whether the chunk is listed in a pack that can be relied on.
    func contains(chunk: SHA256Digest) -> Bool { chunks[chunk].map(isTrusted) ?? false }

    /// Whether the object is listed, with all that `digest` says, and all its chunks are, in packs that can be relied on.
    func contains(_ digest: Digest) -> Bool {
        guard let list = chunkList(of: digest) else { return false }
        return list.allSatisfy { contains(chunk: $0) }
    }

    private func isTrusted(_ location: ChunkLocation) -> Bool {
        distrustedNumbers.isEmpty || !distrustedNumbers.contains(location.pack)
    }

    /// The chunks that make up the object; nil if it is not listed, or under another id or size.
    func chunkList(of digest: Digest) -> [SHA256Digest]? {
        let key = digest.sha256
        guard let entry = objects[key], entry.id == digest.id, entry.sizeBytes == digest.sizeBytes else { return nil }
        if digest.sizeBytes == 0 { return [] }
        if entry.listCount == 0 { return [key] }
        return Array(chunkLists[Int(entry.listStart)..<Int(entry.listStart) + Int(entry.listCount)])
    }

    /// By the number of the pack that the index has them in.
    var chunksByPack: [UInt32: [(key: SHA256Digest, value: ChunkLocation)]] {
        Dictionary(grouping: chunks) { $0.value.pack }
    }

    /// How many objects are listed with a chunk that is not.
    var incompleteObjectCount: Int {
        objects.count { key, entry in
            if entry.sizeBytes == 0 { return false }
            if entry.listCount == 0 { return chunks[key] == nil }
            return chunkLists[Int(entry.listStart)..<Int(entry.listStart + entry.listCount)].contains {
                chunks[$0] == nil
            }
        }
    }

    func hasRecord(_ record: RemoteRecord) -> Bool {
        records[RecordName(kind: record.kind, name: record.name)]?.contains(record.content) == true
    }
}
