import Diagnostics
import Synchronization

/// Something that is fetched when first asked for, and again shortly before it ends: credentials, a token.
final class Renewable<Value: Sendable>: Sendable {
    struct Lease: Sendable {
        let value: Value
        /// Nil for never.
        let ends: Timestamp?
    }

    private let current = Mutex<Lease?>(nil)
    private let clock: Clock
    private let fetch: @Sendable () throws -> Lease

    init(clock: Clock, fetch: @escaping @Sendable () throws -> Lease) {
        self.clock = clock
        self.fetch = fetch
    }

    /// Others who ask meanwhile wait for the same fetch.
    func value() throws -> Value {
        try current.withLock { current in
            if let lease = current {
                guard let ends = lease.ends else { return lease.value }
                if ends.milliseconds(since: clock.now()) > renewalMilliseconds { return lease.value }
            }
            let lease = try fetch()
            current = lease
            return lease.value
        }
    }

    /// The server refused it before its time: the next one who asks fetches anew.
    func discard() { current.withLock { $0 = nil } }
}

/// A transfer that starts with a credential must be able to end with it.
private let renewalMilliseconds: Int64 = 5 * 60 * 1000
