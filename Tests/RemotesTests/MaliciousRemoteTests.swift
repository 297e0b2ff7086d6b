import Diagnostics
import Files
import Hashing
import Objects
import TestSupport
import Testing
import Zstd

@testable import Remotes

/// A remote may be anybody's: nothing that it says may be believed, fill the memory, or reach outside the store.
@Suite struct MaliciousRemoteTests {
    private let wanted = Digest(of: Array("what was asked for".utf8))

    /// A remote with one pack of these chunks, and a segment that `change` has its way with.
    private func bench(
        _ chunks: [[UInt8]], _ change: (inout IndexSegment) -> Void
    ) throws -> SyncBench {
        let bench = try SyncBench()
        var builder = PackBuilder()
        for chunk in chunks { builder.append(EncodedChunk(plain: chunk)) }
        let pack = builder.finish()
        var segment = IndexSegment()
        segment.add(PackListing(pack))
        change(&segment)
        let bytes = segment.encoded()
        try bench.storage.put(pack.name, pack.bytes)
        try bench.storage.put(RemoteName(segment: SHA256.hash(bytes)), bytes)
        return bench
    }

    private func expectRefusal(_ bench: SyncBench, _ wanted: Digest) throws {
        let monitor = CollectingMonitor()
        #expect(throws: TransferError.self) {
            try bench.remote().fetch([], objects: [wanted], into: bench.there, monitor: monitor)
        }
        #expect(monitor.warnings.count == 1)
        #expect(try !bench.there.contains(wanted))
    }

    @Test func `other bytes under the digest that was asked for are refused`() throws {
        let other = Array("not what was asked for".utf8)
        let bench = try bench([other]) { segment in
            segment.chunks[0].sha256 = wanted.sha256
            segment.objects = [RemoteObject(digest: wanted, chunks: [wanted.sha256])]
        }
        try expectRefusal(bench, wanted)
    }

    @Test func `an object with a false id does not take another's place in the store`() throws {
        let content = Array("evil".utf8)
        let false_ = Digest(id: wanted.id, sha256: Digest(of: content).sha256, sizeBytes: 4)
        let bench = try bench([content]) { segment in
            segment.objects = [RemoteObject(digest: false_, chunks: [false_.sha256])]
        }
        try expectRefusal(bench, false_)
    }

    @Test func `chunks that are right each but not together make no object`() throws {
        let (a, b) = ([UInt8](repeating: 1, count: 100_000), [UInt8](repeating: 2, count: 100_000))
        let wanted = Digest(of: a + b)
        let bench = try bench([a, b]) { segment in
            segment.objects = [
                RemoteObject(digest: wanted, chunks: [SHA256.hash(b), SHA256.hash(a)])
            ]
        }
        try expectRefusal(bench, wanted)
        #expect(try bench.folder.names(in: "cache/partial").isEmpty)
    }

    @Test func `chunks that do not add up to the object's size are not read`() throws {
        let bench = try bench([[1, 2, 3]]) { segment in
            segment.objects = [RemoteObject(digest: wanted, chunks: [SHA256.hash([1, 2, 3])])]
        }
        try expectRefusal(bench, wanted)
        #expect(!bench.storage.calls.contains { $0.kind == .get && $0.name.hasPrefix("packs/") })
    }

    @Test func `a listing of another form than a digest is passed over`() throws {
        let bench = try bench([[1]]) {
            $0.objects = [RemoteObject(digest: Digest(of: [1]), chunks: [SHA256.hash([1])])]
        }
        for text in ["index/x.segment", "index/\(String(repeating: "g", count: 64)).segment", "index/readme"] {
            try bench.storage.put(name(text), [1])
        }
        #expect(try bench.remote().summary().objectCount == 1)
    }

    @Test func `a segment whose record leads elsewhere is refused as a whole`() throws {
        let bench = try SyncBench()
        var body = ByteWriter()
        for _ in 0..<3 { body.write(UInt32(0)) }
        body.write(UInt32(1))
        body.write(UInt8(2))
        body.write(UInt16(5))
        body.write(Array("../ab".utf8))
        for _ in 0..<7 { body.write(UInt64(0)) }
        let file = segmentFile(body.bytes)
        try bench.storage.put(RemoteName(segment: SHA256.hash(file)), file)
        let monitor = CollectingMonitor()
        try bench.remote().refresh(monitor: monitor)
        #expect(monitor.warnings.count == 1)
        #expect(monitor.warnings.first?.hasSuffix("a record has a name or kind that is not allowed") == true)
    }

    @Test func `a remote of a newer format is not touched`() throws {
        let bench = try SyncBench()
        try bench.storage.put(RemoteFormat.markerName, Array("repro remote format 2\n".utf8))
        let error = #expect(throws: RemoteError.self) { try bench.push(bench.keep(["a": [1]])) }
        #expect(
            error?.description == """
                remote \(bench.storage.label) has format 2; this program reads format 1
                hint: update this program
                """)
        #expect(bench.storage.count(.put) == 1)
    }

    @Test func `a segment that unpacks to more than it says, or says too much, is refused`() throws {
        let bomb = ZstdCompressor.compress([UInt8](repeating: 0, count: 70 << 20))
        for claimed in [UInt32(100), UInt32(70 << 20), UInt32.max] {
            var file = ByteWriter()
            file.write(IndexSegment.magic)
            file.write(claimed)
            file.write(bomb)
            #expect(throws: FormatProblem.self) {
                try IndexSegment(decoding: file.bytes, expecting: SHA256.hash(file.bytes))
            }
        }
        // Four thousand million entries, in a few bytes.
        let file = segmentFile([0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF])
        #expect(throws: FormatProblem.endsTooEarly) {
            try IndexSegment(decoding: file, expecting: SHA256.hash(file))
        }
    }

    @Test func `an index with more entries than memory is given to is refused`() throws {
        // And one of the pack.
        let bench = try bench((0..<40).map { [UInt8($0), 1] }) { _ in }
        let remote = Remote(storage: bench.storage, cache: bench.folder["cache"], entryLimit: 40)
        let error = #expect(throws: RemoteError.self) { try remote.refresh() }
        #expect(error == .tooMany(remote: bench.storage.label, what: "entries in its index", limit: 40))
        try Remote(storage: bench.storage, cache: bench.folder["other"], entryLimit: 41).refresh()
    }

    @Test func `packs and records count as entries, too, whatever their names`() throws {
        let claimed = try bench([]) { segment in
            segment.packs += (0..<20).map { .init(sha256: SHA256.hash([$0]), sizeBytes: 9) }
            segment.records = (0..<20).compactMap { number in
                RemoteRecord(kind: .run, name: "same", content: Digest(of: [number]))
            }
        }
        func refresh(limit: Int) throws {
            try Remote(storage: claimed.storage, cache: claimed.folder["cache"], entryLimit: limit).refresh()
        }
        #expect(throws: RemoteError.self) { try refresh(limit: 40) }
        try refresh(limit: 41)
    }

    @Test func `of an index with too many entries only some segments are read`() throws {
        let bench = try bench([[1]]) { _ in }
        for number in 0..<50 {
            let object = Digest(of: [UInt8(number)])
            var segment = IndexSegment()
            segment.objects = [RemoteObject(digest: object, chunks: [object.sha256])]
            let bytes = segment.encoded()
            try bench.storage.put(RemoteName(segment: SHA256.hash(bytes)), bytes)
        }
        let remote = Remote(storage: bench.storage, cache: bench.folder["cache"], entryLimit: 10)
        #expect(throws: RemoteError.tooMany(remote: bench.storage.label, what: "entries in its index", limit: 10)) {
            try remote.refresh()
        }
        #expect(bench.storage.calls.count { $0.kind == .get && $0.name.hasPrefix("index/") } < 25)
    }

    @Test func `a chunk that unpacks to more than it says is refused`() throws {
        let bomb = ZstdCompressor.compress([UInt8](repeating: 0, count: 50 << 20))
        let location = ChunkLocation(
            pack: 0, offset: 8, storedBytes: UInt32(bomb.count), plainBytes: 100, encoding: .zstd)
        #expect(throws: FormatProblem.badCompression) {
            try location.decode(bomb, expecting: SHA256.hash([0]))
        }
    }

    @Test func `leases and condemned lists of any form are passed over`() throws {
        let bench = try SyncBench()
        let folder = try bench.keep(["a": [1]])
        try bench.push(folder)
        for text in [
            "leases/x", "leases/0.0.push", "condemned/x.list", "condemned/\(String(repeating: "0", count: 64)).list",
        ] {
            try bench.storage.put(name(text), [1, 2, 3])
        }
        try bench.push(bench.keep(["b": [2]]))
        try bench.expectArrival(folder)
    }
}
