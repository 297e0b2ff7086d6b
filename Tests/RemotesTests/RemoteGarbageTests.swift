import Curl
import Diagnostics
import Files
import Objects
import TestSupport
import Testing
import Threads

@testable import Remotes

extension SyncBench {
    /// Makes all files of a folder of the remote look as if they had been written a month ago.
    func age(_ part: String) throws {
        for name in try names(part) {
            let path = folder["remote/\(part)/\(name)"]
            let content = try FileSystem.real.read(path)
            try FileSystem.real.removeFile(path)
            let file = try FileSystem.real.create(path)
            try file.write(content)
            try file.setModified(nanoseconds: 1_600_000_000_000_000_000)
            try file.close()
        }
    }

    func names(_ part: String) throws -> [String] {
        try FileSystem.real.status(of: folder["remote/\(part)"]) == nil ? [] : folder.names(in: "remote/\(part)")
    }

    /// A collection by somebody who knows of `alive` only.
    @discardableResult
    func collect(
        _ alive: [Fingerprint], graceDays: Int64 = 14, isDryRun: Bool = false, _ storage: (any RemoteStorage)? = nil,
        cache: String = "collector"
    ) throws -> RemoteGarbageReport {
        var options = RemoteGarbageOptions()
        options.grace = .seconds(graceDays * 86_400)
        options.isDryRun = isDryRun
        let roots = RemoteRoots(alive.map { RemoteRoot($0, because: "a test") }) { _ in true }
        let store = try ObjectStore.openOrCreate(at: folder["collector-store"])
        return try remote(storage, cache: cache).collectGarbage(keeping: { roots }, using: store, options: options)
    }

    func expectArrival(_ fingerprint: Fingerprint, _ comment: Comment? = nil) throws {
        let store = try ObjectStore.openOrCreate(at: folder["arrival-\(UInt64.random(in: .min ... .max))"])
        let cache = "arrival-cache-\(UInt64.random(in: .min ... .max))"
        try remote(cache: cache).fetch([fingerprint], into: store)
        for entry in try store.readTree(fingerprint.digest).entries {
            guard case .file(let digest, _) = entry.content else { continue }
            #expect(try store.read(digest) == here.read(digest), comment)
        }
    }
}

@Suite struct RemoteGarbageTests {
    @Test func `what nothing refers to is condemned first, and removed after the grace period`() throws {
        let bench = try SyncBench()
        let (dead, alive) = (
            try bench.keep(["d": noise(50_000, seed: 1)]), try bench.keep(["a": noise(60_000, seed: 2)])
        )
        try bench.push(dead)
        try bench.push(alive)
        for part in ["packs", "index"] { try bench.age(part) }

        let planned = try bench.collect([alive], isDryRun: true).plan
        #expect(planned.packs.map(\.fate.rawValue).sorted() == ["condemned", "kept"])
        #expect(planned.packs.first { $0.fate == .kept }?.reason == "a test")
        #expect(planned.packs.first { $0.fate == .condemned }?.reason == "nothing refers to what is in it")
        #expect(planned.freedBytes > 50_000)
        #expect(planned.droppedObjectCount == 4)
        #expect(try bench.names("condemned").isEmpty)

        let first = try bench.collect([alive])
        #expect(first.removedPackCount == 0)
        #expect(first.waiting.count == 1)
        #expect(try bench.names("packs").count == 2)
        #expect(try bench.names("condemned").count == 1)
        #expect(throws: TransferError.self) { try bench.expectArrival(dead) }
        try bench.expectArrival(alive)

        try bench.age("condemned")
        let second = try bench.collect([alive])
        #expect(second.removedPackCount == 1)
        #expect(try bench.names("packs").count == 1)
        #expect(try bench.names("condemned").isEmpty)
        #expect(try bench.names("leases").isEmpty)
        try bench.expectArrival(alive)
        #expect(try bench.collect([alive]).plan.changesNothing)
    }

    @Test func `a pack that is mostly dead is written anew with the rest`() throws {
        let bench = try SyncBench()
        let all = try bench.keep(["a": noise(90_000, seed: 1), "b": noise(20_000, seed: 2), "c": [1, 2]])
        try bench.push(all)
        let rest = try bench.keep(["b": noise(20_000, seed: 2), "c": [1, 2]])
        try bench.push(rest)
        try bench.age("index")
        let report = try bench.collect([rest], graceDays: 0)
        #expect(report.plan.count(.rewritten) == 2)
        #expect(report.removedPackCount == 2)
        let sizes = try bench.names("packs").map { try FileSystem.real.read(bench.folder["remote/packs/\($0)"]).count }
        #expect(sizes.reduce(0, +) < 30_000)
        try bench.expectArrival(rest)
        #expect(try bench.remote(cache: "other").verify().isWhole)
    }

    @Test func `what was pushed within the grace period stays, with the older parts that it relies on`() throws {
        let bench = try SyncBench()
        try bench.push(bench.keep(["old": noise(50_000, seed: 1)]))
        for part in ["packs", "index"] { try bench.age(part) }
        let new = try bench.keep(["old": noise(50_000, seed: 1), "new": [1]])
        try bench.push(new)
        #expect(try bench.collect([]).plan.packs.allSatisfy { $0.fate == .kept })
        try bench.expectArrival(new)
    }

    @Test func `a push that finds everything there vouches for it again after a week`() throws {
        let bench = try SyncBench()
        let folder = try bench.keep(["a": noise(50_000, seed: 1)])
        try bench.push(folder)
        #expect(try bench.names("index").count == 1)
        for part in ["packs", "index"] { try bench.age(part) }
        try bench.push(folder)
        #expect(try bench.names("index").count == 2)
        #expect(try bench.collect([]).plan.packs.allSatisfy { $0.fate == .kept })
        bench.storage.reset()
        try bench.push(folder)
        #expect(bench.storage.calls.map(\.kind) == [.list])
    }

    @Test func `a push at any moment of a collection loses nothing, whatever is condemned`() throws {
        var moment = 1
        var isOver = false
        while !isOver {
            let bench = try SyncBench()
            let dead = try bench.keep(["d": noise(150_000, seed: 1), "e": [1, 2, 3], "f": noise(3000, seed: 4)])
            let alive = try bench.keep(["a": noise(2_000, seed: 2)])
            try bench.push(dead)
            try bench.push(alive)
            for part in ["packs", "index"] { try bench.age(part) }
            // One relies on all of what is dead, the other on a part of it.
            let part = try bench.keep(["d": noise(150_000, seed: 1), "g": [7]])
            let at = moment
            let disturbed = FaultyStorage(bench.storage) { call, _, _ in
                if call == at {
                    do {
                        try bench.push(dead, bench.remote(cache: "one-\(at)"))
                        try bench.push(part, bench.remote(cache: "two-\(at)"))
                    } catch {
                        Issue.record(error, "call \(at)")
                    }
                }
                return nil
            }
            try bench.collect([alive], disturbed)
            isOver = disturbed.calls < moment
            if !isOver {
                for fingerprint in [dead, part, alive] { try bench.expectArrival(fingerprint, "at call \(moment)") }
                try bench.age("condemned")
                try bench.collect([alive])
                for fingerprint in [dead, part, alive] { try bench.expectArrival(fingerprint, "later, call \(moment)") }
            }
            moment += 1
        }
        #expect(moment > 10)
    }

    @Test func `a collection at any moment of a push loses nothing`() throws {
        var moment = 1
        var isOver = false
        while !isOver {
            let bench = try SyncBench()
            let dead = try bench.keep(["d": noise(150_000, seed: 1), "e": [1, 2, 3]])
            try bench.push(dead)
            for part in ["packs", "index"] { try bench.age(part) }
            let part = try bench.keep(["d": noise(150_000, seed: 1), "e": [1, 2, 3], "g": [7]])
            let at = moment
            let disturbed = FaultyStorage(bench.storage) { call, _, _ in
                if call == at {
                    _ = try? bench.collect([])
                    try? bench.age("condemned")
                    _ = try? bench.collect([])
                }
                return nil
            }
            try bench.push(part, bench.remote(disturbed, cache: "pusher"))
            isOver = disturbed.calls < moment
            try bench.expectArrival(part, "call \(moment)")
            try bench.age("condemned")
            try bench.collect([])
            try bench.expectArrival(part, "later, call \(moment)")
            moment += 1
        }
        #expect(moment > 8)
    }

    @Test func `a collection that fails at any call is finished by the next`() throws {
        let failure = RemoteError.network(remote: "r", cause: .timedOut(origin: "o"))
        var moment = 1
        var isOver = false
        while !isOver {
            let bench = try SyncBench()
            let both = try bench.keep(["a": noise(90_000, seed: 1), "b": noise(20_000, seed: 2)])
            try bench.push(both)
            let rest = try bench.keep(["b": noise(20_000, seed: 2)])
            try bench.push(rest)
            try bench.age("index")
            let at = moment
            let faulty = FaultyStorage(bench.storage) { call, _, _ in
                call == at ? (at % 2 == 0 ? .fail(failure) : .failAfter(failure)) : nil
            }
            _ = try? bench.collect([rest], graceDays: 0, faulty)
            isOver = faulty.calls < moment
            try bench.expectArrival(rest, "call \(moment)")
            try bench.collect([rest], graceDays: 0)
            try bench.collect([rest], graceDays: 0)
            try bench.expectArrival(rest, "call \(moment)")
            #expect(try bench.names("packs").count == 1, "call \(moment)")
            #expect(try bench.names("condemned").isEmpty, "call \(moment)")
            moment += 1
        }
        #expect(moment > 10)
    }

    @Test func `two pushes and a collection at once lose nothing`() throws {
        let bench = try SyncBench()
        let old = try bench.keep(["x": noise(200_000, seed: 9)])
        try bench.push(old)
        for part in ["packs", "index"] { try bench.age(part) }
        let folders = try (0..<8).map { number in
            try bench.keep(["x": noise(200_000, seed: 9), "y": noise(30_000, seed: UInt64(number))])
        }
        try forEachConcurrently([0, 1, 2], width: 3) { worker in
            if worker == 2 {
                for _ in 0..<6 { try bench.collect([]) }
                return
            }
            for number in 0..<4 {
                try bench.push(folders[worker * 4 + number], bench.remote(cache: "pusher-\(worker)"))
            }
        }
        for folder in folders { try bench.expectArrival(folder) }
    }
}
