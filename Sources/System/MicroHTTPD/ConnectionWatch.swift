import Glibc
import Synchronization

/// Knows every connection and what it is at, and cuts those that only hold a place: silent, or sending a head or a
/// body byte by byte.
final class ConnectionWatch: Sendable {
    private struct Connection: Sendable {
        /// Since when it has had no request.
        var idleSince: ContinuousClock.Instant
        var exchange: Exchange?
    }

    private let connections = Mutex<[Int32: Connection]>([:])
    private let options: HTTPServerOptions

    init(options: HTTPServerOptions) { self.options = options }

    var count: Int { connections.withLock { $0.count } }

    /// Requests that have begun and not ended.
    var activeCount: Int { connections.withLock { $0.values.count { $0.exchange != nil } } }

    func opened(_ descriptor: Int32) {
        connections.withLock { $0[descriptor] = Connection(idleSince: .now) }
    }

    func closed(_ descriptor: Int32) {
        connections.withLock { $0[descriptor] = nil }
    }

    func began(_ exchange: Exchange, on descriptor: Int32) {
        connections.withLock { $0[descriptor]?.exchange = exchange }
    }

    func ended(on descriptor: Int32) {
        connections.withLock {
            $0[descriptor]?.idleSince = .now
            $0[descriptor]?.exchange = nil
        }
    }

    /// Called every second or so.
    func sweep(now: ContinuousClock.Instant) {
        connections.withLock { connections in
            for (descriptor, connection) in connections {
                let isBad =
                    if let exchange = connection.exchange {
                        exchange.isBodyTooSlow(now: now, options)
                    } else {
                        now - connection.idleSince > options.idleTimeout
                    }
                // Inside the lock, so that the descriptor is not closed, and used for another connection, meanwhile.
                if isBad { shutdown(descriptor, Int32(SHUT_RDWR)) }
            }
        }
    }

    func forEachEventStream(_ body: (EventStream) -> Void) {
        let streams = connections.withLock { $0.values.compactMap { $0.exchange?.eventStream } }
        for stream in streams { body(stream) }
    }
}
