import Curl
import Files
import HTTP
import Synchronization
import TestSupport
import Testing
import Threads

@testable import Remotes

@Suite struct AdaptiveStorageTests {
    /// Rounds of calls through a server that serves so many at once, each in a tenth of a second.
    private func settle(serves capacity: Int, rounds: Int, widest: Int = 32) -> AdaptiveWidth {
        var now = Duration.zero
        var width = AdaptiveWidth(width: 4, widest: widest, now: now)
        for _ in 0..<rounds {
            let calls = width.width
            now += .milliseconds(100 * ((calls + capacity - 1) / capacity))
            for _ in 0..<calls { width.succeeded(bytes: 1 << 20, now: now) }
        }
        return width
    }

    @Test(arguments: [8, 12, 20])
    func `it grows to what the server serves, and not far beyond`(capacity: Int) {
        let width = settle(serves: capacity, rounds: 200).width
        #expect(width >= capacity - 4 && width <= capacity + 4, "\(width)")
    }

    @Test func `it does not grow beyond the bound`() {
        #expect(settle(serves: 1000, rounds: 300, widest: 16).width == 16)
    }

    @Test func `a busy server halves it, once for all calls of a round`() {
        var width = settle(serves: 1000, rounds: 300, widest: 16)
        for _ in 0..<10 { width.failed(now: .seconds(1000)) }
        #expect(width.width == 8)
        for _ in 0..<8 { width.succeeded(bytes: 1, now: .seconds(1001)) }
        #expect(width.width == 9)
        width.failed(now: .seconds(1002))
        #expect(width.width == 4)
        for second in 0..<20 {
            width.failed(now: .seconds(2000 + second))
            for _ in 0..<width.width { width.succeeded(bytes: 1, now: .seconds(2000 + second)) }
        }
        #expect(width.width >= 1)
    }

    @Test func `no more calls are under way than it allows, and all are made`() throws {
        let folder = try TemporaryFolder()
        let underWay = Mutex(0)
        let most = Mutex(0)
        let counting = FaultyStorage(DirectoryStorage(folder: folder["r"])) { _, _, _ in
            let count = underWay.withLock { count in
                count += 1
                return count
            }
            most.withLock { $0 = max($0, count) }
            underWay.withLock { $0 -= 1 }
            return nil
        }
        let storage = AdaptiveStorage(counting, widest: 6, now: { .zero })
        try forEachConcurrently(Array(0..<200), width: 24) { number in
            _ = try storage.put(name("packs/\(number).pack"), [UInt8(number)])
        }
        #expect(try storage.listAll("packs").count == 200)
        #expect(most.withLock { $0 } <= 6)
        #expect(storage.width <= 6)
    }

    @Test func `a failure that may pass narrows it, another does not`() throws {
        let folder = try TemporaryFolder()
        let error = Mutex(RemoteError.throttled(remote: "r", retryAfter: nil))
        let faulty = FaultyStorage(DirectoryStorage(folder: folder["r"])) { _, _, _ in .fail(error.withLock { $0 }) }
        let storage = AdaptiveStorage(faulty, widest: 8)
        #expect(throws: RemoteError.self) { try storage.head(name("a")) }
        #expect(storage.width == 2)
        error.withLock { $0 = .denied(remote: "r", action: "look", code: "x") }
        #expect(throws: RemoteError.self) { try storage.head(name("a")) }
        #expect(storage.width == 2)
    }
}
