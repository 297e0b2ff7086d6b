package import HTTP
import Synchronization
package import Threads

/// Sends and receives no more than so many bytes a second, over all threads together, seen over a few seconds.
///
/// Waits before a call for the bytes of the calls before it: the size of what is read is known only afterwards.
package final class RateLimitedStorage: RemoteStorage {
    private let storage: any RemoteStorage
    private let bytesPerSecond: Int
    private let now: @Sendable () -> Duration
    private let sleep: @Sendable (Duration) throws -> Void
    /// The moment until which the bytes so far take, at the rate.
    private let busyUntil = Mutex(Duration.zero)

    package init(
        _ storage: any RemoteStorage, bytesPerSecond: Int, now: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) throws -> Void
    ) {
        self.storage = storage
        self.bytesPerSecond = max(1, bytesPerSecond)
        self.now = now
        self.sleep = sleep
    }

    /// By this machine's clock; a wait ends when the user cancels.
    package convenience init(_ storage: any RemoteStorage, bytesPerSecond: Int, cancellation: Cancellation?) {
        let start = ContinuousClock.now
        self.init(
            storage, bytesPerSecond: bytesPerSecond, now: { ContinuousClock.now - start },
            sleep: { try Remotes.sleep($0, unless: cancellation) })
    }

    package var label: String { storage.label }
    package var isWritable: Bool { storage.isWritable }

    package func put(_ name: RemoteName, _ bytes: [UInt8]) throws -> PutOutcome {
        try takeTurn(bytes.count)
        return try storage.put(name, bytes)
    }

    package func get(_ name: RemoteName, _ range: ByteRange?, limitBytes: Int) throws -> [UInt8]? {
        try takeTurn(0)
        let bytes = try storage.get(name, range, limitBytes: limitBytes)
        account(for: bytes?.count ?? 0)
        return bytes
    }

    package func head(_ name: RemoteName) throws -> RemoteEntry? { try storage.head(name) }

    package func list(_ folder: String, page: String?) throws -> RemotePage {
        try storage.list(folder, page: page)
    }

    package func delete(_ name: RemoteName) throws { try storage.delete(name) }

    private func takeTurn(_ count: Int) throws {
        let start = now()
        let turn = busyUntil.withLock { busyUntil in
            let turn = max(busyUntil, start)
            busyUntil = turn + duration(of: count)
            return turn
        }
        if turn > start { try sleep(turn - start) }
    }

    private func account(for count: Int) {
        let moment = now()
        busyUntil.withLock { $0 = max($0, moment) + duration(of: count) }
    }

    private func duration(of count: Int) -> Duration { .seconds(1) * (Double(count) / Double(bytesPerSecond)) }
}
