import HTTP
import Hashing
package import Objects

/// What a fetch will read: a value that `--dry-run` prints. Pure: made from what is wanted and what the remote lists.
package struct FetchPlan: Sendable {
    /// Those that the remote has.
    package private(set) var objects: [Digest] = []
    package private(set) var objectBytes: UInt64 = 0
    /// Those that it does not list, or not with this id and size.
    package private(set) var unavailable: [Digest] = []
    /// How many bytes the reads have.
    package private(set) var networkBytes: UInt64 = 0
    package var requestCount: Int { reads.count }

    private(set) var reads: [PackRead] = []
    /// Where each chunk goes: in `objects`, at an offset.
    private(set) var uses: [SHA256Digest: [ChunkUse]] = [:]

    struct ChunkUse: Sendable, Equatable {
        let object: Int
        let offset: UInt64
    }

    /// What is read of one pack at once: chunks that lie close to each other.
    struct PackRead: Sendable {
        let pack: IndexSegment.PackEntry
        var range: ByteRange
        var chunks: [(sha256: SHA256Digest, location: ChunkLocation)]
    }

    /// What `wanted` names must be missing; each digest once.
    init(wanting wanted: [Digest], given inventory: Inventory) {
        var needed: [(sha256: SHA256Digest, location: ChunkLocation)] = []
        for digest in wanted {
            guard let list = inventory.chunkList(of: digest), let locations = Self.locations(list, digest, inventory)
            else {
                unavailable.append(digest)
                continue
            }
            var offset: UInt64 = 0
            for (chunk, location) in zip(list, locations) {
                if uses[chunk] == nil { needed.append((chunk, location)) }
                uses[chunk, default: []].append(ChunkUse(object: objects.count, offset: offset))
                offset += UInt64(location.plainBytes)
            }
            objects.append(digest)
            objectBytes += digest.sizeBytes
        }
        needed.sort { ($0.location.pack, $0.location.offset) < ($1.location.pack, $1.location.offset) }
        for (sha256, location) in needed { add(sha256, location, inventory.packs[Int(location.pack)]) }
        networkBytes = reads.reduce(0) { $0 + $1.range.count }
    }

    /// Nil unless all chunks are listed and make up the object's size.
    private static func locations(
        _ list: [SHA256Digest], _ digest: Digest, _ inventory: Inventory
    ) -> [ChunkLocation]? {
        let locations = list.compactMap { inventory.location(of: $0) }
        let size = locations.reduce(0) { $0 + UInt64($1.plainBytes) }
        return locations.count == list.count && size == digest.sizeBytes ? locations : nil
    }

    private mutating func add(_ sha256: SHA256Digest, _ location: ChunkLocation, _ pack: IndexSegment.PackEntry) {
        let start = UInt64(location.offset)
        let end = start + UInt64(location.storedBytes)
        if var last = reads.last, last.pack == pack, start <= last.range.end + gapBytes,
            end - last.range.offset <= readBytes
        {
            let newEnd = max(end, last.range.end)
            last.range = ByteRange(offset: last.range.offset, count: newEnd - last.range.offset)
            last.chunks.append((sha256, location))
            reads[reads.count - 1] = last
        } else {
            let range = ByteRange(offset: start, count: end - start)
            reads.append(PackRead(pack: pack, range: range, chunks: [(sha256, location)]))
        }
    }
}

/// Reading that much for nothing costs less than another request.
private let gapBytes: UInt64 = 128 << 10
/// What one request reads at most: a little more than half of a full pack, so that two read it.
private let readBytes: UInt64 = 9 << 20
