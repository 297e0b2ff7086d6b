import Files
import Objects
import TestSupport
import Testing

/// Each call to the file system fails once: the store must verify afterwards, and the same work must then succeed.
@Suite struct FaultTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Runs `work` on a store whose n-th call fails, for every n, until nothing fails any more.
    func failEachCall(
        _ failure: FaultyFileSystem.Failure, prepare: (ObjectStore) throws -> Void = { _ in },
        work: (ObjectStore) throws -> Void, check: (ObjectStore) throws -> Void
    ) throws {
        var failingCall = 1
        while true {
            try FileSystem.real.removeTree(folder["store"])
            try prepare(folder.openStore())
            let faulty = FaultyFileSystem()
            faulty.fail(atCall: failingCall, with: failure)
            do {
                try work(folder.openStore(in: faulty.fileSystem))
            } catch {
                #expect(error is FileError || error is ObjectError, "call \(failingCall): \(error)")
            }
            let store = try folder.openStore()
            #expect(try store.verify().isWhole, "call \(failingCall)")
            try work(store)
            try check(store)
            if faulty.calls.count < failingCall { return }
            failingCall += 1
        }
    }

    static let contents = [StoredBytes.small, StoredBytes.text, StoredBytes.noise]

    @Test(arguments: FaultyFileSystem.Failure.allCases)
    func `no failing call of a batch leaves a damaged store`(failure: FaultyFileSystem.Failure) throws {
        try folder.write(StoredBytes.noise, to: "noise")
        try failEachCall(failure) { store in
            try store.withBatch { batch in
                try batch.put(StoredBytes.small)
                try batch.put(StoredBytes.text)
                try batch.put(file: folder["noise"])
            }
        } check: { (store: ObjectStore) throws in
            for content in Self.contents { #expect(try store.read(Digest(of: content)) == content) }
        }
    }

    @Test(arguments: FaultyFileSystem.Failure.allCases)
    func `no failing call of a batch that makes a pack leaves a damaged store`(
        failure: FaultyFileSystem.Failure
    ) throws {
        let contents = Small.contents(40) + [StoredBytes.noise]
        try failEachCall(failure) { store in
            try store.withBatch { batch in for content in contents { try batch.put(content) } }
        } check: { (store: ObjectStore) throws in
            for content in contents { #expect(try store.read(Digest(of: content)) == content) }
        }
    }

    @Test(arguments: FaultyFileSystem.Failure.allCases)
    func `no failing call of healing makes it worse`(failure: FaultyFileSystem.Failure) throws {
        let digest = Digest(of: StoredBytes.text)
        var failingCall = 1
        while true {
            try FileSystem.real.removeTree(folder["store"])
            try folder.openStore().put(StoredBytes.text)
            try FileSystem.real.writeAtomically([1, 2, 3], to: folder.objectFile(digest))
            let faulty = FaultyFileSystem()
            faulty.fail(atCall: failingCall, with: failure)
            _ = try? folder.openStore(in: faulty.fileSystem).put(StoredBytes.text)
            let store = try folder.openStore()
            try store.put(StoredBytes.text)
            #expect(try store.verify().isWhole)
            #expect(try store.read(digest) == StoredBytes.text)
            if faulty.calls.count < failingCall { return }
            failingCall += 1
        }
    }

    @Test(arguments: FaultyFileSystem.Failure.allCases)
    func `no failing call of checking out leaves half a file`(failure: FaultyFileSystem.Failure) throws {
        let digest = try folder.openStore().put(StoredBytes.text)
        var failingCall = 1
        while true {
            let faulty = FaultyFileSystem()
            faulty.fail(atCall: failingCall, with: failure)
            let isMade =
                (try? folder.openStore(in: faulty.fileSystem).materialise(
                    digest, at: folder["out"], isExecutable: false, links: [.reflink, .copy],
                    modifiedNanoseconds: 1_000_000_000)) != nil
            if isMade {
                #expect(try FileSystem.real.read(folder["out"]) == StoredBytes.text)
            } else if failure != .crash {
                #expect(try FileSystem.real.status(of: folder["out"]) == nil)
            }
            try FileSystem.real.removeFile(folder["out"])
            if faulty.calls.count < failingCall { return }
            failingCall += 1
        }
    }
}
