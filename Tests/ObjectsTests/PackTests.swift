import Files
import Objects
import TestSupport
import Testing
import Threads

/// Small objects, many at once, so that they lie in packs.
enum Small {
    /// Of various lengths, one of them empty, some worth compressing.
    static func contents(_ count: Int, seed: UInt64 = 1) -> [[UInt8]] {
        (0..<count).map { number in
            if number == 0, seed == 1 { return [] }
            if number % 10 == 0 {
                let first = StoredBytes.randomBytes(count: 20, seed: seed &+ UInt64(number))
                return first + [UInt8](repeating: UInt8(number % 251), count: 20_000)
            }
            return StoredBytes.randomBytes(count: 10 + number * 7 % 3000, seed: seed &+ UInt64(number))
        }
    }
}

extension TemporaryFolder {
    /// Names of `store/packs` that end so.
    func packFiles(_ suffix: String) throws -> [AbsolutePath] {
        guard try FileSystem.real.status(of: self["store/packs"]) != nil else { return [] }
        return try names(in: "store/packs").filter { $0.hasSuffix(suffix) }.map { self["store/packs/\($0)"] }
    }

    /// By a store of its own, whose lease ends with the call.
    @discardableResult
    func putPack(_ contents: [[UInt8]]) throws -> [Digest] {
        try openStore().withBatch { batch in try contents.map { try batch.put($0) } }
    }

    /// As if the file had been written two minutes ago: before any process that lives began.
    func makeOld(_ path: AbsolutePath) throws {
        try FileSystem.real.open(path).setModified(nanoseconds: FileSystem.nowNanoseconds() - 120_000_000_000)
    }
}

@Suite struct PackTests {
    let folder: TemporaryFolder
    let files = FileSystem.real

    init() throws { folder = try TemporaryFolder() }

    @Test func `many small objects cost two files`() throws {
        let contents = Small.contents(500)
        let digests = try folder.putPack(contents)
        #expect(try folder.packFiles(".pack").count == 1)
        #expect(try folder.packFiles(".index").count == 1)
        #expect(try files.status(of: folder["store/objects"]) == nil)
        #expect(try files.status(of: folder.packFiles(".pack")[0])?.isWritable == false)
        let store = try folder.openStore()
        for (content, digest) in zip(contents, digests) {
            #expect(digest == Digest(of: content))
            #expect(try store.contains(digest))
            #expect(try store.hold(digest))
            #expect(try store.read(digest) == content)
            #expect(try store.digest(of: digest.id) == digest)
        }
        #expect(try !store.contains(Digest(of: StoredBytes.text)))
        let report = try store.verify()
        #expect(report.isWhole)
        #expect(report.objectCount == 500)
        #expect(report.contentBytes == UInt64(contents.reduce(0) { $0 + $1.count }))
        #expect(report.strangers == [])
        #expect(try store.storedObjects().map(\.id) == digests.map(\.id).sorted())
    }

    @Test func `few small objects, and large ones, are files of their own`() throws {
        try folder.putPack([StoredBytes.small, StoredBytes.empty])
        #expect(try folder.packFiles("").isEmpty)
        let large = try folder.putPack([StoredBytes.noise] + Small.contents(100))[0]
        #expect(try folder.packFiles(".pack").count == 1)
        #expect(try files.status(of: folder.objectFile(large)) != nil)
        try ObjectStore.openOrCreate(at: folder["links"], packsSmall: false).withBatch { batch in
            for content in Small.contents(100) { try batch.put(content) }
        }
        #expect(try files.status(of: folder["links/packs"]) == nil)
    }

    @Test func `a packed object becomes a file of the workspace, whatever link is asked for`() throws {
        let digests = try folder.putPack(Small.contents(50))
        let store = try folder.openStore()
        for (number, links) in [[LinkKind.hardlink], [.symlink, .copy], [.reflink, .copy], []].enumerated() {
            let path = folder["out\(number)"]
            let made = try store.materialise(
                digests[10], at: path, isExecutable: number == 1, links: links, modifiedNanoseconds: 1_000_000_000)
            #expect(made.link == .copy)
            #expect(made.status.modifiedNanoseconds == 1_000_000_000)
            #expect(made.status.isExecutable == (number == 1))
            #expect(try files.read(path) == Small.contents(50)[10])
        }
    }

    @Test func `a pack that another process wrote is found`() throws {
        let reader = try folder.openStore()
        let contents = Small.contents(60)
        #expect(try !reader.contains(Digest(of: contents[5])))
        try folder.putPack(contents)
        #expect(try reader.contains(Digest(of: contents[5])))
        let more = Small.contents(60, seed: 99)
        try folder.putPack(more)
        #expect(try reader.read(Digest(of: more[7])) == more[7])
        try folder.openStore().withBatch { _ in }
    }

    @Test func `what is in a pack is not stored again`() throws {
        let contents = Small.contents(100)
        try folder.putPack(contents)
        let faulty = FaultyFileSystem()
        let store = try folder.openStore(in: faulty.fileSystem)
        _ = try store.hold(Digest(of: contents[1]))
        faulty.forgetCalls()
        try store.withBatch { batch in for content in contents { try batch.put(content) } }
        #expect(faulty.count(of: .write) == 0)
        #expect(faulty.count(of: .rename) == 0)
        #expect(try folder.packFiles(".pack").count == 1)
    }

    @Test func `a pack becomes durable with three flushes, whatever its number of objects`() throws {
        let faulty = FaultyFileSystem()
        let store = try folder.openStore(in: faulty.fileSystem)
        try store.put(StoredBytes.small)
        try store.withBatch { batch in for content in Small.contents(30, seed: 7) { try batch.put(content) } }
        faulty.forgetCalls()
        try store.withBatch { batch in for content in Small.contents(3000, seed: 777) { try batch.put(content) } }
        #expect(faulty.count(of: .synchronise) == 3)
        #expect(faulty.count(of: .create) == 2)
        #expect(faulty.count(of: .rename) == 2)
        // The pack is known already when the store is asked next.
        #expect(try store.verify().isWhole)
    }

    @Test func `a pack is not opened for each of its objects`() throws {
        let digests = try folder.putPack(Small.contents(200))
        let faulty = FaultyFileSystem()
        let store = try folder.openStore(in: faulty.fileSystem)
        _ = try store.read(digests[0])
        faulty.forgetCalls()
        for digest in digests {
            _ = try store.read(digest)
            _ = try store.contains(digest)
        }
        #expect(faulty.count(of: .open) == 0)
        #expect(faulty.count(of: .inspect) == 0)
        #expect(faulty.count(of: .read) == digests.count)
    }

    @Test func `a batch that fails leaves no pack`() throws {
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try folder.openStore().withBatch { batch in
                for content in Small.contents(300) { try batch.put(content) }
                throw Stop()
            }
        }
        #expect(try folder.packFiles("").isEmpty)
        #expect(try folder.names(in: "store/incoming").isEmpty)
    }

    @Test func `many threads fill one pack`() throws {
        let contents = Small.contents(2000)
        let store = try folder.openStore()
        try store.withBatch { batch in
            try forEachConcurrently(contents + contents, width: 8) { _ = try batch.put($0) }
        }
        let report = try store.verify()
        #expect(report.isWhole)
        #expect(report.objectCount == 2000)
        for content in contents { #expect(try store.read(Digest(of: content)) == content) }
    }

    @Test func `a store of version 1 is read, and becomes one of version 2 with its first pack`() throws {
        let old = try folder.putPack([StoredBytes.small, StoredBytes.text])
        try folder.write("repro object store 1\n", to: "store/version")
        try folder.putPack([StoredBytes.empty])
        #expect(try folder.read("store/version") == "repro object store 1\n")
        let packed = try folder.putPack(Small.contents(40))
        #expect(try folder.read("store/version") == "repro object store 2\n")
        let store = try folder.openStore()
        for digest in old + packed { #expect(Digest(of: try store.read(digest)) == digest) }
        #expect(try store.verify().objectCount == 42)
    }
}
