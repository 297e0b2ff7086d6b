import Curl
import Diagnostics
import Files
import HTTP
import Objects
import Synchronization
import TestSupport
import Testing

@testable import Remotes

/// Two stores and a remote between them.
struct SyncBench {
    let folder: TemporaryFolder
    let here: ObjectStore
    let there: ObjectStore
    let storage: RecordingStorage

    init() throws {
        folder = try TemporaryFolder()
        here = try ObjectStore.openOrCreate(at: folder["here"])
        there = try ObjectStore.openOrCreate(at: folder["there"])
        storage = RecordingStorage(DirectoryStorage(folder: folder["remote"]))
    }

    /// As a process that starts sees it; with a cache of its own, or one that is shared by name.
    func remote(_ storage: (any RemoteStorage)? = nil, cache: String = "cache") -> Remote {
        Remote(storage: storage ?? self.storage, cache: folder[cache])
    }

    /// Stores the files as a folder and answers its fingerprint.
    func keep(_ files: [String: [UInt8]]) throws -> Fingerprint {
        let entries = try files.map { name, content in
            Tree.Entry(name: Array(name.utf8), content: .file(try here.put(content), isExecutable: false))
        }
        let tree = Tree(entries)
        try here.put(tree.encoded())
        return tree.fingerprint
    }

    @discardableResult
    func push(_ fingerprint: Fingerprint, _ remote: Remote? = nil) throws -> TransferReport {
        let remote = remote ?? self.remote()
        return try remote.push(remote.planPush([fingerprint], from: here), from: here)
    }

    /// Whether the other store has all of it, each object verified.
    func hasArrived(_ fingerprint: Fingerprint) throws -> Bool {
        let tree = try there.readTree(fingerprint.digest)
        return try tree.entries.allSatisfy { entry in
            guard case .file(let digest, _) = entry.content else { return false }
            return try there.read(digest) == here.read(digest)
        }
    }
}

/// Bytes that do not compress.
func noise(_ count: Int, seed: UInt64) -> [UInt8] {
    var random = SeededRandom(seed: seed)
    var words = [UInt64](repeating: 0, count: (count + 7) / 8)
    for index in words.indices { words[index] = random.next().littleEndian }
    return words.withUnsafeBytes { Array($0.prefix(count)) }
}

@Suite struct SyncTests {
    @Test func `what was pushed arrives elsewhere, small and large, and again costs one listing`() throws {
        let bench = try SyncBench()
        let folder = try bench.keep([
            "small": [1, 2, 3], "empty": [], "same": [1, 2, 3], "large": noise(3_000_000, seed: 1),
            "text": Array(String(repeating: "word ", count: 200_000).utf8),
        ])
        let report = try bench.push(folder)
        // With what the push vouches for.
        #expect(report.objects == 6)
        #expect(report.networkBytes < 3_100_000)
        try bench.remote(cache: "other").fetch([folder], into: bench.there)
        #expect(try bench.hasArrived(folder))

        bench.storage.reset()
        #expect(try bench.push(folder) == TransferReport())
        #expect(bench.storage.calls.map(\.kind) == [.list])
        bench.storage.reset()
        #expect(try bench.remote(cache: "other").fetch([folder], into: bench.there) == TransferReport())
        #expect(bench.storage.calls.isEmpty)
    }

    @Test func `many small files cost few requests`() throws {
        let bench = try SyncBench()
        let files = (0..<500).map { ("file-\($0)", noise(1024, seed: UInt64($0))) }
        let folder = try bench.keep(Dictionary(uniqueKeysWithValues: files))
        try bench.push(folder)
        #expect(bench.storage.calls.count <= 14)
        bench.storage.reset()
        try bench.remote(cache: "other").fetch([folder], into: bench.there)
        #expect(bench.storage.calls.count <= 5)
        #expect(try bench.hasArrived(folder))
    }

    @Test func `a change in a large file sends the part around it`() throws {
        let bench = try SyncBench()
        var content = noise(6_000_000, seed: 7)
        try bench.push(bench.keep(["large": content]))
        content.insert(contentsOf: [1, 2, 3], at: 3_000_000)
        let changed = try bench.keep(["large": content])
        let report = try bench.push(changed)
        #expect(report.networkBytes < 3_000_000)
        try bench.remote(cache: "other").fetch([changed], into: bench.there)
        #expect(try bench.hasArrived(changed))
    }

    @Test func `a plan says what is missing and what is there`() throws {
        let bench = try SyncBench()
        let first = try bench.keep(["a": [1], "b": [2, 2]])
        try bench.push(first)
        let second = try bench.keep(["a": [1], "c": [3, 3, 3]])
        let plan = try bench.remote().planPush([second], from: bench.here)
        #expect(plan.missing == [Digest(of: [3, 3, 3]), second.digest])
        #expect(plan.missingBytes == 3 + second.digest.sizeBytes)
        #expect(plan.presentCount == 1)
    }

    @Test func `records travel with what they say`() throws {
        let bench = try SyncBench()
        let content = try bench.here.put(Array("{\"a\": 1}".utf8))
        let record = try #require(RemoteRecord(kind: .run, name: "run-1", content: content))
        let remote = bench.remote()
        try remote.push(remote.planPush([], records: [record], from: bench.here), from: bench.here)
        #expect(try bench.remote().planPush([], records: [record], from: bench.here).isEmpty)
        let others = bench.remote(cache: "other")
        #expect(try others.fetchRecords(.run, into: bench.there) == [record])
        #expect(try others.fetchRecords(.runCache, into: bench.there) == [])
        #expect(try others.records(.run, named: "run-1") == [record])
        #expect(try bench.there.read(content) == Array("{\"a\": 1}".utf8))
    }

    @Test func `a push that fails at any call is finished by the next, and is not seen before`() throws {
        let failure = RemoteError.network(remote: "r", cause: .timedOut(origin: "o"))
        var number = 1
        while true {
            let bench = try SyncBench()
            let folder = try bench.keep(["a": noise(400_000, seed: 1), "b": [1], "c": [2]])
            let fails = number
            let faulty = FaultyStorage(bench.storage) { call, kind, _ in
                // Who cannot give the lease up leaves it to die.
                if call != fails || kind == .delete { return nil }
                return fails % 2 == 0 ? .fail(failure) : .failAfter(failure)
            }
            let error = #expect(throws: (any Error).self, "call \(number)") {
                try bench.push(folder, bench.remote(faulty))
                if faulty.calls <= fails { throw NoFault() }
            }
            if error is NoFault { break }
            #expect(error as? RemoteError == failure)
            try bench.push(folder)
            try bench.remote(cache: "other").fetch([folder], into: bench.there)
            #expect(try bench.hasArrived(folder), "call \(number)")
            number += 1
        }
        #expect(number > 4)
    }

    private struct NoFault: Error {}

    @Test func `a fetch that fails at any call is finished by the next`() throws {
        let failure = RemoteError.network(remote: "r", cause: .timedOut(origin: "o"))
        let bench = try SyncBench()
        let folder = try bench.keep(["a": noise(4_000_000, seed: 1), "b": [1]])
        try bench.push(folder)
        for number in 1...4 {
            let faulty = FaultyStorage(bench.storage) { call, _, _ in call == number ? .fail(failure) : nil }
            let store = try ObjectStore.openOrCreate(at: bench.folder["store-\(number)"])
            #expect(throws: failure) {
                try bench.remote(faulty, cache: "c\(number)").fetch([folder], into: store)
            }
            try bench.remote(cache: "c\(number)").fetch([folder], into: store)
            #expect(try store.read(Digest(of: noise(4_000_000, seed: 1))).count == 4_000_000)
        }
    }

    @Test func `what has arrived of a large object is not read again`() throws {
        let bench = try SyncBench()
        let content = noise(12_000_000, seed: 3)
        let folder = try bench.keep(["large": content])
        try bench.push(folder)
        let gets = Mutex(0)
        let failure = RemoteError.network(remote: "r", cause: .timedOut(origin: "o"))
        let faulty = FaultyStorage(bench.storage) { _, kind, name in
            if kind != .get || !name.hasPrefix("packs/") { return nil }
            return gets.withLock { count in
                count += 1
                return count == 3 ? .fail(failure) : nil
            }
        }
        let options = TransferOptions(jobs: 1)
        #expect(throws: failure) {
            try bench.remote(faulty, cache: "other").fetch([folder], into: bench.there, options: options)
        }
        bench.storage.reset()
        try bench.remote(cache: "other").fetch([folder], into: bench.there, options: options)
        #expect(bench.storage.bytes(.get) < 6_000_000)
        #expect(try bench.hasArrived(folder))
    }

    @Test func `a pack whose bytes are damaged is named, and the rest arrives`() throws {
        let bench = try SyncBench()
        let first = try bench.keep(["a": [1, 1, 1, 1]])
        try bench.push(first)
        let second = try bench.keep(["b": [2, 2]])
        try bench.push(second)
        let pack = try #require(bench.storage.calls.first { $0.kind == .put && $0.name.hasPrefix("packs/") }).name
        let faulty = FaultyStorage(bench.storage) { _, kind, name in kind == .get && name == pack ? .corrupt : nil }
        let monitor = CollectingMonitor()
        let error = #expect(throws: TransferError.self) {
            try bench.remote(faulty, cache: "other").fetch([first, second], into: bench.there, monitor: monitor)
        }
        #expect(error?.kind == .corrupt)
        #expect(monitor.warnings.allSatisfy { $0.contains("\(pack) is damaged: ") })
        #expect(!monitor.warnings.isEmpty)
        #expect(try bench.hasArrived(second))
        #expect(try !bench.there.contains(Digest(of: [1, 1, 1, 1])))
    }

    @Test func `a segment that is damaged is named and counts as absent`() throws {
        let bench = try SyncBench()
        let folder = try bench.keep(["a": [1]])
        try bench.push(folder)
        let faulty = FaultyStorage(bench.storage) { _, kind, name in
            kind == .get && name.hasPrefix("index/") ? .truncate : nil
        }
        let monitor = CollectingMonitor()
        let remote = bench.remote(faulty, cache: "other")
        try remote.refresh(monitor: monitor)
        #expect(try remote.summary().objectCount == 0)
        #expect(monitor.warnings.count == 1)
    }

    @Test func `an object that the store has damaged is left out, with its tree, and named`() throws {
        let bench = try SyncBench()
        let folder = try bench.keep(["a": [1], "b": [2]])
        let digest = Digest(of: [1])
        let hex = digest.id.description
        #expect(try FileSystem.real.removeFile(bench.folder["here/objects/\(hex.prefix(2))/\(hex.dropFirst(2))"]))
        let error = #expect(throws: TransferError.self) { try bench.push(folder) }
        #expect(
            error?.message
                == "pushing to \(bench.storage.label): 1 object could not be transferred")
        let inventory = try bench.remote().inventory(renewed: true)
        #expect(inventory.contains(Digest(of: [2])))
        #expect(!inventory.contains(folder.digest))
    }

    @Test func `two who push at once lose nothing`() throws {
        let bench = try SyncBench()
        let first = try bench.keep(["a": [1], "shared": noise(200_000, seed: 1)])
        let second = try bench.keep(["b": [2], "shared": noise(200_000, seed: 1)])
        let (one, two) = (bench.remote(cache: "one"), bench.remote(cache: "two"))
        let (planOne, planTwo) = (
            try one.planPush([first], from: bench.here), try two.planPush([second], from: bench.here)
        )
        try one.push(planOne, from: bench.here)
        try two.push(planTwo, from: bench.here)
        try bench.remote(cache: "three").fetch([first, second], into: bench.there)
        #expect(try bench.hasArrived(first))
        #expect(try bench.hasArrived(second))
    }

    @Test func `an object that the remote does not have is named`() throws {
        let bench = try SyncBench()
        try bench.push(bench.keep(["a": [1]]))
        let monitor = CollectingMonitor()
        let wanted = Digest(of: [9, 9])
        #expect(throws: TransferError.incomplete(action: "fetching from", remote: bench.storage.label, failures: 1)) {
            try bench.remote().fetch([], objects: [wanted], into: bench.there, monitor: monitor)
        }
        #expect(monitor.warnings == ["remote \(bench.storage.label): object \(wanted.id) is not there"])
    }
}

/// Remembers what went wrong.
final class CollectingMonitor: Monitor {
    private let messages = Mutex<[String]>([])
    var warnings: [String] { messages.withLock { $0 } }
    private let steps = Mutex<[Progress]>([])
    var progress: [Progress] { steps.withLock { $0 } }
    func progress(_ progress: Progress) { steps.withLock { $0.append(progress) } }
    func warning(_ error: any UserFacingError) { messages.withLock { $0.append(error.message) } }
}
