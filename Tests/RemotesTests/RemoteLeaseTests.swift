import Diagnostics
import Files
import Objects
import Synchronization
import TestSupport
import Testing

@testable import Remotes

@Suite struct RemoteLeaseTests {
    private let hour: Int64 = 3_600_000

    private func entry(_ id: Character, _ number: Int, _ kind: RemoteLease.Kind, _ time: Int64?) -> RemoteEntry {
        let name = LeaseName(id: String(repeating: id, count: 32), number: number, kind: kind).file
        return RemoteEntry(name: name, sizeBytes: 1, modified: time.map { Timestamp(milliseconds: $0) })
    }

    @Test func `a lease lives for a day after it was renewed, and begins with its first file`() {
        let now = Timestamp(milliseconds: 100 * hour)
        let living = LivingLease.all(
            in: [
                entry("a", 0, .push, 70 * hour), entry("a", 28, .push, 98 * hour),
                entry("b", 0, .push, 75 * hour), entry("c", 5, .gc, 99 * hour), entry("d", 0, .push, nil),
            ], now: now)
        #expect(living.map { String($0.id.prefix(1)) } == ["a", "c", "d"])
        #expect(living[0].began == Timestamp(milliseconds: 70 * hour))
        #expect(living[1].began == nil)
        #expect(living[0].mayPrecede(Timestamp(milliseconds: 70 * hour)))
        #expect(!living[0].mayPrecede(Timestamp(milliseconds: 70 * hour - 1)))
        #expect(living[2].mayPrecede(Timestamp(milliseconds: 0)))
    }

    @Test(arguments: ["leases/x.0.push", "leases/aa.0.push", "leases/0123456789abcdef0123456789abcdef.0.pull", "a"])
    func `another name is no lease`(text: String) throws {
        #expect(LeaseName(try name(text)) == nil)
    }

    @Test func `it is renewed each hour, and given up by who could not do so for a day`() throws {
        let bench = try SyncBench()
        let time = Mutex(Duration.zero)
        let remote = Remote(
            storage: bench.storage, cache: bench.folder["cache"], elapsed: { time.withLock { $0 } })
        let lease = try remote.lease(.push)
        #expect(try bench.names("leases").map { String($0.suffix(7)) } == [".0.push"])
        for hours in 1...3 {
            time.withLock { $0 = .seconds(3601 * hours) }
            try lease.renew()
        }
        #expect(try bench.names("leases").map { String($0.suffix(7)) }.sorted() == [".0.push", ".3.push"])
        time.withLock { $0 += .seconds(23 * 3600 + 1) }
        #expect(throws: RemoteError.leaseLost(remote: bench.storage.label)) { try lease.renew() }
        lease.end()
        #expect(try bench.names("leases").isEmpty)
        #expect(try bench.folder.names(in: "cache/leases").isEmpty)
    }

    @Test func `the lease of a process of this project that died is removed by the next`() throws {
        let bench = try SyncBench()
        let id = String(repeating: "5", count: 32)
        try FileSystem.real.makeFolders(bench.folder["cache/leases"])
        try FileSystem.real.writeAtomically([1], to: bench.folder["cache/leases/\(id)"])
        let dead = LeaseName(id: id, number: 0, kind: .gc).file
        try bench.storage.put(dead, [1])
        let other = LeaseName(id: String(repeating: "6", count: 32), number: 0, kind: .push).file
        try bench.storage.put(other, [1])
        let lease = try bench.remote().lease(.push)
        #expect(try bench.storage.head(dead) == nil)
        #expect(try bench.storage.head(other) != nil)
        lease.end()
    }

    @Test func `of two collections one gives way, unless it takes the other for dead`() throws {
        let bench = try SyncBench()
        try bench.push(bench.keep(["a": [1]]))
        let other = try bench.remote(cache: "other").lease(.gc)
        let error = #expect(throws: RemoteError.self) { try bench.collect([]) }
        #expect(error?.kind == .conflict)
        #expect(
            error?.message.hasPrefix("remote \(bench.storage.label): somebody else collects garbage there, since ")
                == true)
        var options = RemoteGarbageOptions()
        options.breaksLeases = true
        let roots = RemoteRoots([]) { _ in true }
        _ = try bench.remote(cache: "c").collectGarbage(keeping: { roots }, using: bench.there, options: options)
        #expect(try bench.names("leases").isEmpty)
        other.end()
    }

    @Test func `what was condemned stays while a push is at work that began before`() throws {
        let bench = try SyncBench()
        try bench.push(bench.keep(["a": noise(50_000, seed: 1)]))
        for part in ["packs", "index"] { try bench.age(part) }
        let push = try bench.remote(cache: "other").lease(.push)
        let report = try bench.collect([], graceDays: 0)
        #expect(report.removedPackCount == 0)
        #expect(report.waiting.first?.contains(": a push is at work since ") == true)
        push.end()
        #expect(try bench.collect([], graceDays: 0).removedPackCount == 1)
    }
}
