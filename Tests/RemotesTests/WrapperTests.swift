import Curl
import Diagnostics
import HTTP
import Synchronization
import TestSupport
import Testing

@testable import Remotes

@Suite struct WrapperTests {
    private let busy = RemoteError.throttled(remote: "r", retryAfter: .seconds(9))
    private let failed = RemoteError.serverFailed(remote: "r", status: 500, code: "", retryAfter: nil)

    private func folderStorage() throws -> (DirectoryStorage, TemporaryFolder) {
        let folder = try TemporaryFolder()
        return (DirectoryStorage(folder: folder.path), folder)
    }

    @Test func `what may pass is tried again, waiting as long as the server asked`() throws {
        let (storage, folder) = try folderStorage()
        defer { withExtendedLifetime(folder) {} }
        let (busy, failed) = (busy, failed)
        let faulty = FaultyStorage(storage) { number, _, _ in
            [1: .fail(busy), 2: .fail(failed), 3: .failAfter(failed)][number]
        }
        let waits = Mutex<[Duration]>([])
        let retrying = RetryingStorage(
            faulty, sleep: { wait in waits.withLock { $0.append(wait) } }, random: { 0.5 })
        #expect(try retrying.put(name("a"), [1]) == .alreadyThere)
        #expect(waits.withLock { $0 } == [.seconds(9), .milliseconds(200), .milliseconds(400)])
    }

    @Test func `after the last attempt the error is the server's`() throws {
        let (storage, folder) = try folderStorage()
        defer { withExtendedLifetime(folder) {} }
        let failed = failed
        let faulty = FaultyStorage(storage) { _, _, _ in .fail(failed) }
        let retrying = RetryingStorage(faulty, policy: RetryPolicy(attempts: 4), sleep: { _ in })
        #expect(throws: failed) { try retrying.head(name("a")) }
        #expect(faulty.calls == 4)
    }

    @Test func `what will not pass is not tried again`() throws {
        let (storage, folder) = try folderStorage()
        defer { withExtendedLifetime(folder) {} }
        let denied = RemoteError.denied(remote: "r", action: "x", code: "y")
        let faulty = FaultyStorage(storage) { _, _, _ in .fail(denied) }
        #expect(throws: denied) { try RetryingStorage(faulty, sleep: { _ in }).list("index", page: nil) }
        #expect(faulty.calls == 1)
    }

    @Test func `waits grow to a bound and never beyond an hour`() {
        let policy = RetryPolicy(attempts: 99, firstWait: .seconds(1), longestWait: .seconds(10))
        let waits = (1...6).map { policy.wait(afterFailure: $0, asked: nil, random: 1) }
        #expect(waits == [.seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(10), .seconds(10)])
        #expect(policy.wait(afterFailure: 70, asked: .seconds(1 << 40), random: 0) == .seconds(3600))
    }

    @Test func `a rate is kept over all calls`() throws {
        let (storage, folder) = try folderStorage()
        defer { withExtendedLifetime(folder) {} }
        let time = Mutex(Duration.zero)
        let limited = RateLimitedStorage(
            storage, bytesPerSecond: 1000, now: { time.withLock { $0 } },
            sleep: { wait in time.withLock { $0 += wait } })
        for number in 0..<5 {
            _ = try limited.put(name("file-\(number)"), [UInt8](repeating: 1, count: 500))
        }
        #expect(time.withLock { $0 } == .seconds(2))
        _ = try limited.get(name("file-0"), nil, limitBytes: 1000)
        _ = try limited.get(name("file-1"), nil, limitBytes: 1000)
        #expect(time.withLock { $0 } == .seconds(3))
    }

    @Test func `calls are counted with their bytes`() throws {
        let (storage, folder) = try folderStorage()
        defer { withExtendedLifetime(folder) {} }
        let recording = RecordingStorage(storage)
        _ = try recording.put(name("a"), [1, 2, 3])
        _ = try recording.get(name("a"), ByteRange(offset: 1, count: 2), limitBytes: 10)
        _ = try recording.listAll("")
        #expect(recording.count(.put) == 1)
        #expect(recording.bytes(.put) == 3)
        #expect(recording.bytes(.get) == 2)
        #expect(recording.count(.list) == 1)
    }
}
