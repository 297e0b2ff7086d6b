import Hashing
import Objects
import TestSupport
import Testing

@testable import Remotes

@Suite struct PackTests {
    private let text = Array(String(repeating: "all work and no play ", count: 500).utf8)
    private let noise: [UInt8] = {
        var random = SeededRandom(seed: 9)
        return (0..<5000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }()

    private func pack(_ contents: [[UInt8]]) -> Pack {
        var builder = PackBuilder()
        for content in contents { builder.append(EncodedChunk(plain: content)) }
        return builder.finish()
    }

    @Test func `every chunk of a pack is found by its directory and decodes to what it was`() throws {
        let pack = try Pack(
            decoding: pack([text, noise, [1]]).bytes, expecting: pack([text, noise, [1]]).sha256)
        let contents = try pack.chunks.map { sha256, location in
            let end = Int(location.offset + location.storedBytes)
            return try location.decode(Array(pack.bytes[Int(location.offset)..<end]), expecting: sha256)
        }
        #expect(contents == [text, noise, [1]])
        #expect(pack.chunks.map(\.location.encoding) == [.zstd, .plain, .plain])
    }

    @Test func `what does not compress grows by one percent at most`() {
        let pack = pack([noise, noise.reversed()])
        #expect(pack.bytes.count <= 10_000 + 200)
    }

    @Test func `an index says each digest of a small object once, however many there are`() throws {
        var random = SeededRandom(seed: 4)
        let count = 60_000
        var segment = IndexSegment()
        segment.packs = [IndexSegment.PackEntry(sha256: SHA256.hash([1]), sizeBytes: 60 << 20)]
        for number in 0..<count {
            let words = (0..<4).map { _ in random.next() }
            let sha256 = try #require(SHA256Digest(bytes: words.withUnsafeBytes { Array($0) }))
            let id = ObjectID(XXH3Digest(high: random.next(), low: random.next()))
            let location = ChunkLocation(
                pack: 0, offset: UInt32(8 + number * 1024), storedBytes: 1024, plainBytes: 1024, encoding: .plain)
            segment.chunks.append((sha256, location))
            let digest = Digest(id: id, sha256: sha256, sizeBytes: 1024)
            segment.objects.append(RemoteObject(digest: digest, chunks: [sha256]))
        }
        let file = segment.encoded()
        // Both digests are 48 bytes, the place in the pack three.
        #expect(file.count < count * 62)
        #expect(try IndexSegment(decoding: file, expecting: SHA256.hash(file)).objects.count == count)
    }

    @Test func `a pack that is cut short anywhere is refused`() {
        let bytes = pack([text, noise]).bytes
        for count in stride(from: 0, to: bytes.count, by: 7) {
            let cut = Array(bytes[..<count])
            #expect(throws: FormatProblem.self) { try Pack(decoding: cut, expecting: SHA256.hash(cut)) }
        }
    }

    @Test func `a pack with another content than its name says is refused`() {
        let pack = pack([text])
        var bytes = pack.bytes
        bytes[20] ^= 1
        #expect(throws: FormatProblem.otherContent) { try Pack(decoding: bytes, expecting: pack.sha256) }
    }

    @Test func `a chunk that decompresses to more than it claims is refused`() throws {
        let bomb = EncodedChunk(plain: [UInt8](repeating: 0, count: 4_000_000))
        let location = ChunkLocation(
            pack: 0, offset: 0, storedBytes: UInt32(bomb.stored.count), plainBytes: 100, encoding: .zstd)
        #expect(throws: FormatProblem.badCompression) { try location.decode(bomb.stored, expecting: bomb.sha256) }
    }

    @Test func `a chunk with another digest is refused`() {
        let location = ChunkLocation(pack: 0, offset: 0, storedBytes: 3, plainBytes: 3, encoding: .plain)
        #expect(throws: FormatProblem.otherContent) {
            try location.decode([1, 2, 3], expecting: SHA256.hash([1, 2, 4]))
        }
    }
}

@Suite struct IndexSegmentTests {
    private func sample() throws -> IndexSegment {
        var segment = IndexSegment()
        var builder = PackBuilder()
        let contents: [[UInt8]] = [[1], [2, 2], [3, 3, 3]]
        for content in contents { builder.append(EncodedChunk(plain: content)) }
        segment.add(PackListing(builder.finish()))
        segment.objects = [
            RemoteObject(digest: Digest(of: [1]), chunks: [SHA256.hash([1])]),
            RemoteObject(digest: Digest(of: [2, 2, 3, 3, 3]), chunks: contents[1...].map { SHA256.hash($0) }),
            RemoteObject(digest: Digest(of: []), chunks: []),
        ]
        segment.records = [try #require(RemoteRecord(kind: .run, name: "run-1", content: Digest(of: [1])))]
        return segment
    }

    @Test func `a segment is read as it was written`() throws {
        let segment = try sample()
        let bytes = segment.encoded()
        let read = try IndexSegment(decoding: bytes, expecting: SHA256.hash(bytes))
        #expect(read.packs == segment.packs)
        #expect(Set(read.objects) == Set(segment.objects))
        #expect(read.records == segment.records)
        #expect(Dictionary(uniqueKeysWithValues: read.chunks.map { ($0.sha256, $0.location) }).count == 3)
        #expect(read.encoded() == bytes)
    }

    @Test func `the order in which it is filled does not show`() throws {
        var other = try sample()
        other.objects.reverse()
        other.chunks.reverse()
        #expect(try other.encoded() == sample().encoded())
    }

    @Test func `the sample of format 1 is read for ever`() throws {
        let file = try fixture("formats/1/remote.segment")
        let read = try IndexSegment(decoding: file, expecting: SHA256.hash(file))
        #expect(try Set(read.objects) == Set(sample().objects))
        #expect(try read.records == sample().records)
    }

    @Test func `a segment that is cut short or changed anywhere is refused`() throws {
        let bytes = try sample().encoded()
        for position in 0..<bytes.count {
            let cut = Array(bytes[..<position])
            #expect(throws: FormatProblem.self) { try IndexSegment(decoding: cut, expecting: SHA256.hash(cut)) }
            var changed = bytes
            changed[position] ^= 0x40
            #expect(throws: FormatProblem.otherContent) {
                try IndexSegment(decoding: changed, expecting: SHA256.hash(bytes))
            }
        }
    }

    @Test func `a segment of anything is refused or read, and takes no more memory than it may`() {
        var random = SeededRandom(seed: 5)
        for _ in 0..<500 {
            var body = (0..<random.next(below: 400)).map { _ in UInt8(random.next(below: 3) * 127) }
            if random.next(below: 2) == 0, body.count > 4 { body.replaceSubrange(0..<4, with: [0, 0, 0, 1]) }
            let file = segmentFile(body)
            _ = try? IndexSegment(decoding: file, expecting: SHA256.hash(file))
        }
    }

    @Test(
        arguments: [
            ([255, 255, 255, 255], FormatProblem.endsTooEarly),
            ([0, 0, 0, 0, 255, 255, 255, 255], .endsTooEarly),
            ([UInt8](repeating: 0, count: 17), .tooLong),
            ([0, 0, 0, 1] + [UInt8](repeating: 0, count: 32) + [0, 0, 0, 1, 0, 0, 0, 0], .tooLarge),
        ] as [([UInt8], FormatProblem)])
    func `a segment that claims what cannot be is refused`(body: [UInt8], problem: FormatProblem) {
        let file = segmentFile(body)
        #expect(throws: problem) { try IndexSegment(decoding: file, expecting: SHA256.hash(file)) }
    }

    @Test(arguments: ["", "a/b", "../x", ".hidden", "a b", String(repeating: "a", count: 201)])
    func `a record's name leads nowhere`(name: String) {
        #expect(RemoteRecord(kind: .run, name: name, content: Digest(of: [])) == nil)
    }
}
