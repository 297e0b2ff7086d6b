import Diagnostics
import Files
import Hashing
import Objects
import TestSupport
import Testing
import Threads

@Suite struct ObjectStoreTests {
    let folder: TemporaryFolder
    let store: ObjectStore
    let files = FileSystem.real

    init() throws {
        folder = try TemporaryFolder()
        store = try folder.openStore()
    }

    @Test(arguments: StoredBytes.all.map(SampleBytes.init))
    func `what is put is read back, from memory and from a file`(sample: SampleBytes) throws {
        let content = sample.bytes
        let digest = try store.put(content)
        #expect(digest == Digest(of: content))
        #expect(try store.contains(digest))
        #expect(try store.read(digest) == content)

        try folder.write(content, to: "file")
        let other = try TemporaryFolder()
        let otherStore = try other.openStore()
        #expect(try otherStore.put(file: folder["file"]) == digest)
        #expect(try otherStore.read(digest) == content)
    }

    /// From 64 MiB on the disk is written to directly, in blocks: the last piece may end anywhere.
    @Test(arguments: [64 << 20, (64 << 20) + 1, (72 << 20) + 4096, (66 << 20) - 1])
    func `a very large file is stored as it is`(count: Int) throws {
        let content = StoredBytes.longNoise(count: count)
        try folder.write(content, to: "file")
        let digest = try store.put(file: folder["file"])
        #expect(digest == Digest(of: content))
        #expect(try store.damage(of: digest) == nil)
        #expect(try files.read(folder.objectFile(digest)) == content)
    }

    @Test func `very large files are joined wherever they end`() throws {
        let content = StoredBytes.longNoise(count: 80_000_001)
        let ends = [0, 9_000_000, 9_000_000, 40_000_001, 80_000_001]
        let parts = try zip(ends, ends.dropFirst()).enumerated().map { number, range in
            try folder.write(Array(content[range.0..<range.1]), to: "part\(number)")
            return folder["part\(number)"]
        }
        let digest = try store.put(joining: parts)
        #expect(digest == Digest(of: content))
        #expect(try files.read(folder.objectFile(digest)) == content)
    }

    @Test(
        arguments: [(StoredBytes.text, true), (StoredBytes.longText, true), (StoredBytes.noise, false)]
            .map { (SampleBytes($0), $1) })
    func `only what shrinks is compressed`(sample: SampleBytes, isCompressed: Bool) throws {
        let content = sample.bytes
        let digest = try store.put(content)
        #expect(try folder.objectFile(digest).description.hasSuffix(".zst") == isCompressed)
        let plainStore = try TemporaryFolder()
        let plain = try plainStore.openStore(compresses: false).put(content)
        #expect(try !plainStore.objectFile(plain).description.hasSuffix(".zst"))
    }

    @Test func `an object is read-only and has no other names beside it`() throws {
        let digest = try store.put(StoredBytes.small)
        #expect(try files.status(of: folder.objectFile(digest))?.isWritable == false)
        #expect(try store.verify().strangers == [])
        #expect(try store.verify().objectCount == 1)
    }

    @Test func `an absent object is said to be missing`() throws {
        let digest = Digest(of: StoredBytes.small)
        #expect(try !store.contains(digest))
        let error = #expect(throws: ObjectError.self) { try store.read(digest) }
        #expect(error == .missing(digest.id))
        #expect(error?.message == "object \(digest.id) is not in the store")
        #expect(error?.hint == "run the stage that makes it, or fetch it from a remote")
        #expect(error?.kind == .notFound)
    }

    @Test func `bytes whose SHA-256 is not the recorded one are not handed out`() throws {
        let digest = try store.put(StoredBytes.small)
        let lie = Digest(id: digest.id, sha256: SHA256.hash(StoredBytes.text), sizeBytes: digest.sizeBytes)
        #expect(throws: ObjectError.damaged(digest.id, .otherSHA256)) { try store.read(lie) }
        #expect(try store.damage(of: lie) == .otherSHA256)
        #expect(try store.damage(of: digest) == nil)
    }

    @Test func `whoever only looks makes no store`() throws {
        let empty = try ObjectStore.openOrCreate(at: folder["other"])
        #expect(try !empty.contains(Digest(of: [])))
        #expect(try empty.verify() == VerifyReport())
        #expect(try files.status(of: folder["other"]) == nil)
    }

    @Test func `a batch is visible when it ends, and not before`() throws {
        let digests = try store.withBatch { batch in
            let digests = try StoredBytes.all.map { try batch.put($0) }
            for digest in digests { #expect(try !store.contains(digest)) }
            return digests
        }
        for digest in digests { #expect(try store.contains(digest)) }
        #expect(try store.verify().objectCount == StoredBytes.all.count)
    }

    @Test func `a batch that fails leaves nothing`() throws {
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try store.withBatch { batch in
                try batch.put(StoredBytes.small)
                try batch.put(StoredBytes.noise)
                throw Stop()
            }
        }
        #expect(try store.verify().objectCount == 0)
    }

    @Test func `a batch of many flushes the file system once, not each file`() throws {
        let faulty = FaultyFileSystem()
        let store = try folder.openStore(in: faulty.fileSystem)
        faulty.forgetCalls()
        try store.withBatch { batch in
            for number in 0..<1000 { try batch.put(Array("number \(number)".utf8)) }
        }
        #expect(faulty.count(of: .synchronise) <= 1 + 256 + 2)
        #expect(try store.verify().objectCount == 1000)
    }

    @Test func `putting again writes nothing`() throws {
        let faulty = FaultyFileSystem()
        let store = try folder.openStore(in: faulty.fileSystem)
        try store.put(StoredBytes.small)
        faulty.forgetCalls()
        try store.put(StoredBytes.small)
        #expect(faulty.count(of: .write) == 0)
        #expect(faulty.count(of: .rename) == 0)
    }

    @Test func `what a dead process left is removed by the next writer`() throws {
        try folder.openStore().put(StoredBytes.empty)
        try folder.write("half an object", to: "store/incoming/dead/1")
        try folder.write("", to: "store/incoming/dead.lock")
        let living = try #require(try FileLock.tryAcquire(folder["store/incoming/living.lock"]))
        try folder.write("half an object", to: "store/incoming/living/1")
        try store.put(StoredBytes.small)
        let names = try folder.names(in: "store/incoming")
        #expect(!names.contains("dead") && !names.contains("dead.lock"))
        #expect(names.contains("living") && names.contains("living.lock"))
        withExtendedLifetime(living) {}
    }

    @Test func `many threads put the same and other contents at once`() throws {
        let contents = (0..<400).map { Array("content \($0 % 100)".utf8) }
        try store.withBatch { batch in
            try forEachConcurrently(contents, width: 8) { _ = try batch.put($0) }
        }
        try forEachConcurrently(contents, width: 8) { _ = try store.put($0) }
        let report = try store.verify()
        #expect(report.objectCount == 100)
        #expect(report.isWhole)
    }
}
