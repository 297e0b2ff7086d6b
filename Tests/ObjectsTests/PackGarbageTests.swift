import Files
import Objects
import TestSupport
import Testing

@Suite struct PackGarbageTests {
    let folder: TemporaryFolder
    let files = FileSystem.real

    init() throws { folder = try TemporaryFolder() }

    /// Collects all that is not among `live`, as `repro gc` does; answers the ids that are gone.
    @discardableResult
    func collect(keeping live: [Digest], in fileSystem: FileSystem = .real) throws -> Set<ObjectID> {
        let store = try folder.openStore(in: fileSystem)
        let collection = try GarbageCollection(of: store)
        let alive = Set(live.map(\.id))
        let garbage = try store.storedObjects().filter { !alive.contains($0.id) && !collection.isInUse($0) }
        let expected = try collection.removable(garbage)
        let removed = try collection.remove(garbage)
        #expect(Set(removed).isSubset(of: expected))
        _ = try collection.compact(takesLoose: true)
        return Set(removed.map(\.id))
    }

    func expectWhole(_ contents: some Sequence<[UInt8]>) throws {
        let store = try folder.openStore()
        for content in contents { #expect(try store.read(Digest(of: content)) == content) }
        let report = try store.verify()
        #expect(report.isWhole)
        #expect(report.strangers == [])
        #expect(try files.status(of: folder["store/trash"]) == nil)
    }

    @Test func `a pack of which nothing is alive is removed`() throws {
        let dead = try folder.putPack(Small.contents(50))
        let live = Small.contents(50, seed: 1000)
        try folder.putPack(live)
        #expect(try collect(keeping: live.map { Digest(of: $0) }) == Set(dead.map(\.id)))
        #expect(try folder.packFiles(".pack").count == 1)
        try expectWhole(live)
        #expect(try folder.openStore().storedObjects().count == 50)
    }

    @Test func `a pack of which much is dead is written again without it`() throws {
        let contents = Small.contents(100)
        let digests = try folder.putPack(contents)
        let before = try folder.packFiles(".pack")
        let reader = try folder.openStore()
        #expect(try reader.read(digests[3]) == contents[3])
        let gone = try collect(keeping: Array(digests[..<40]))
        #expect(gone == Set(digests[40...].map(\.id)))
        #expect(try folder.packFiles(".pack").count == 1)
        #expect(try folder.packFiles(".pack") != before)
        try expectWhole(contents[..<40])
        // Who has the old pack open, and knows its index, goes on; what is gone is missing.
        for (content, digest) in zip(contents, digests).prefix(40) { #expect(try reader.read(digest) == content) }
        #expect(try !folder.openStore().contains(digests[50]))
        #expect(try !reader.hold(digests[50]))
    }

    @Test func `a pack of which little is dead stays, and the plan says so`() throws {
        let contents = (0..<100).map { StoredBytes.randomBytes(count: 1000, seed: UInt64($0)) }
        let digests = try folder.putPack(contents)
        #expect(try collect(keeping: Array(digests[10...])).isEmpty)
        try expectWhole(contents)
    }

    @Test func `what a living process holds stays, and so does what it writes`() throws {
        let contents = Small.contents(50)
        let digests = try folder.putPack(contents)
        try folder.makeOld(folder.packFiles(".pack")[0])
        let worker = try folder.openStore()
        try worker.beginWork()
        #expect(try worker.hold(digests[20]))
        let written = Small.contents(30, seed: 5000)
        try worker.withBatch { batch in for content in written { try batch.put(content) } }
        #expect(try collect(keeping: []).isEmpty)
        try expectWhole(contents + written)
    }

    @Test func `what a living process has not asked for goes, and is then stored anew`() throws {
        let contents = Small.contents(50)
        let digests = try folder.putPack(contents)
        try folder.makeOld(folder.packFiles(".pack")[0])
        let worker = try folder.openStore()
        try worker.beginWork()
        #expect(try worker.contains(digests[20]))
        #expect(try collect(keeping: []).count == 50)
        // It knows the index of a pack that is gone.
        #expect(try !worker.hold(digests[20]))
        try worker.withBatch { batch in for content in contents { try batch.put(content) } }
        try expectWhole(contents)
    }

    @Test func `a mark is as good as the time of the pack`() throws {
        let digests = try folder.putPack(Small.contents(50))
        try folder.makeOld(folder.packFiles(".pack")[0])
        // A process that held it, recorded it somewhere and ended, while another one lives.
        let other = try folder.openStore()
        try other.beginWork()
        do {
            let worker = try folder.openStore()
            #expect(try worker.hold(digests[1]))
        }
        #expect(try collect(keeping: []).isEmpty)
        withExtendedLifetime(other) {}
    }

    @Test func `many small packs become one`() throws {
        var contents: [[UInt8]] = []
        for number in 0..<20 {
            let part = Small.contents(30, seed: UInt64(number) * 100)
            contents += part
            try folder.putPack(part)
        }
        let reader = try folder.openStore()
        #expect(try reader.contains(Digest(of: contents[7])))
        try collect(keeping: contents.map { Digest(of: $0) })
        #expect(try folder.packFiles(".pack").count == 1)
        #expect(try folder.packFiles(".index").count == 1)
        try expectWhole(contents)
        for content in contents { #expect(try reader.read(Digest(of: content)) == content) }
        // And that is the end of it.
        let pack = try folder.packFiles(".pack")
        try collect(keeping: contents.map { Digest(of: $0) })
        #expect(try folder.packFiles(".pack") == pack)
    }

    @Test func `small objects in files of their own are brought together`() throws {
        let contents = Small.contents(300)
        for content in contents { try folder.putPack([content]) }
        let large = try folder.putPack([StoredBytes.noise])[0]
        #expect(try folder.packFiles(".pack").isEmpty)
        try collect(keeping: contents.map { Digest(of: $0) } + [large])
        #expect(try folder.packFiles(".pack").count == 1)
        #expect(try folder.openStore().storedObjects().count == 301)
        #expect(try files.status(of: folder.objectFile(large)) != nil)
        try expectWhole(contents + [StoredBytes.noise])
    }

    @Test func `the damaged copy of what was healed goes with the next writing`() throws {
        let contents = (0..<100).map { StoredBytes.randomBytes(count: 1000, seed: UInt64($0)) }
        let digests = try folder.putPack(contents)
        let pack = try folder.packFiles(".pack")[0]
        var bytes = try files.read(pack)
        bytes[8 + 61 + 5] ^= 1
        try files.removeFile(pack)
        try files.writeAtomically(bytes, to: pack)
        // Damaged and alive: the pack stays as it is, and the damage stays known.
        #expect(try collect(keeping: Array(digests[..<50])).isEmpty)
        #expect(try folder.openStore().verify().damaged.map(\.id) == [digests[0].id])
        try folder.putPack([contents[0]])
        #expect(try collect(keeping: Array(digests[..<50])).count == 50)
        try expectWhole(contents[..<50])
        #expect(try folder.openStore().storedObjects().count == 50)
    }

    @Test func `a collection that was killed loses no pack`() throws {
        let contents = Small.contents(50)
        try folder.putPack(contents)
        let (pack, index) = (try folder.packFiles(".pack")[0], try folder.packFiles(".index")[0])
        try files.makeFolder(folder["store/trash"])
        try files.rename(pack, to: folder["store/trash"].appending(RelativePath(unchecked: pack.name)))
        try expectWhole(contents)
        try files.makeFolder(folder["store/trash"])
        try files.rename(pack, to: folder["store/trash"].appending(RelativePath(unchecked: pack.name)))
        try files.rename(index, to: folder["store/trash"].appending(RelativePath(unchecked: index.name)))
        try expectWhole(contents)
    }

    @Test(arguments: FaultyFileSystem.Failure.allCases)
    func `no failing call of a collection loses what is alive`(failure: FaultyFileSystem.Failure) throws {
        let contents = Small.contents(60)
        let digests = contents.map { Digest(of: $0) }
        let large = Array(repeating: UInt8(9), count: 200_000)
        var failingCall = 1
        while true {
            try files.removeTree(folder["store"])
            for number in 0..<2 { try folder.putPack(Array(contents[number * 30..<number * 30 + 30])) }
            try folder.putPack([large])
            let faulty = FaultyFileSystem()
            faulty.fail(atCall: failingCall, with: failure)
            _ = try? collect(keeping: Array(digests[20..<40]), in: faulty.fileSystem)
            let callCount = faulty.calls.count
            try collect(keeping: Array(digests[20..<40]))
            try expectWhole(contents[20..<40])
            #expect(try folder.openStore().storedObjects().count == 20, "call \(failingCall)")
            if callCount < failingCall { return }
            failingCall += 1
        }
    }
}
