import CMicroHTTPD
import Glibc
import Synchronization
import Threads

/// An HTTP server: listens, reads requests, asks a handler, sends what it answers.
///
/// Connections are served by a few event threads (epoll). Bodies, heads, connections and time are bounded
/// (`HTTPServerOptions`). It runs from `init` to `stop`.
package final class HTTPServer: Sendable {
    /// Where it listens; the real port if 0 was asked for.
    package let port: UInt16
    private let core: ServerCore
    private let daemon: Mutex<Daemon>
    private let sweeper: Thread
    private let sweeps = Mailbox<Void>()

    /// Listens from the moment it returns.
    package init(options: HTTPServerOptions, handler: any RequestHandler) throws {
        if let problem = mhd_load() { throw HTTPServerError.libraryMissing(reason: String(cString: problem)) }
        signal(SIGPIPE, SIG_IGN)
        let (listener, port) = try listen(options)
        self.port = port
        let core = ServerCore(handler: handler, options: options)
        self.core = core
        daemon = Mutex(try Daemon(listener: listener, options: options, core: core))
        let sweeps = sweeps
        sweeper = Thread.start(name: "http sweeper") {
            while sweeps.receive(timeout: .seconds(1)) == nil {
                let now = ContinuousClock.now
                core.watch.sweep(now: now)
                core.watch.forEachEventStream { $0.sendComment(ifSilentSince: now - options.eventKeepAlive) }
            }
        }
    }

    /// Connections that are open now.
    package var connectionCount: Int { core.watch.count }

    /// Takes no new connection, ends the event streams, lets every request that has begun be replied, for
    /// `gracePeriod` at most, then ends. Answers how many requests were cut. Later calls do nothing.
    @discardableResult
    package func stop(gracePeriod: Duration = .seconds(30)) -> Int {
        daemon.withLock { daemon in
            guard !core.isStopping else { return 0 }
            core.beginStopping()
            sweeps.send(())
            sweeper.join()
            daemon.quiesce()
            let deadline = ContinuousClock.now + gracePeriod
            // Also without grace: a stream that waits for events must not be waiting when the library stops.
            core.watch.forEachEventStream { $0.close() }
            while core.watch.activeCount > 0, .now < deadline {
                usleep(2_000)
                core.watch.forEachEventStream { $0.close() }
            }
            let left = core.watch.activeCount
            // Handlers that still run hold suspended connections, which the library does not stop: they are waited
            // for, since what they write must not be cut in the middle.
            core.workers.stop()
            daemon.stop()
            return left
        }
    }

    deinit { stop(gracePeriod: .milliseconds(100)) }
}

/// The library's server and the callbacks it was given, which must stay where they are.
private struct Daemon: ~Copyable, @unchecked Sendable {
    private var handle: OpaquePointer?
    private let callbacks: UnsafeMutablePointer<mhd_callbacks>

    init(listener: Int32, options: HTTPServerOptions, core: ServerCore) throws {
        callbacks = .allocate(capacity: 1)
        callbacks.initialize(to: core.callbacks())
        handle = withOptionalCString(options.tls?.chain) { chain in
            withOptionalCString(options.tls?.privateKey) { key in
                var settings = mhd_options(
                    listening_socket: listener, threads: UInt32(max(1, options.eventThreads)),
                    connection_limit: UInt32(options.maximumConnections),
                    idle_timeout_seconds: UInt32(options.idleTimeout / .seconds(1) + 1),
                    connection_memory_bytes: options.connectionMemoryBytes, certificate: chain, private_key: key)
                return mhd_start(&settings, callbacks)
            }
        }
        if handle == nil {
            // The listener is not closed here: the library has done it or not, depending on how far it came, and a
            // descriptor closed twice may by then be someone else's.
            core.workers.stop()
            throw HTTPServerError.cannotStart(
                reason: options.tls == nil ? "libmicrohttpd refused" : "the certificate or its key was not accepted")
        }
    }

    func quiesce() {
        guard let handle else { return }
        let listener = mhd_quiesce(handle)
        if listener >= 0 { close(listener) }
    }

    mutating func stop() {
        if let handle { mhd_stop(handle) }
        handle = nil
    }

    deinit {
        if let handle { mhd_stop(handle) }
        callbacks.deallocate()
    }
}

private func listen(_ options: HTTPServerOptions) throws(HTTPServerError) -> (listener: Int32, port: UInt16) {
    var port: UInt16 = 0
    var problem: UnsafePointer<CChar>?
    let listener = mhd_listen(options.host, options.port, 1024, &port, &problem)
    if listener >= 0 { return (listener, port) }
    let reason = problem.map { String(cString: $0) } ?? "unknown reason"
    throw .cannotListen(host: options.host, port: options.port, reason: reason)
}

private func withOptionalCString<Result>(
    _ text: String?, _ body: (UnsafePointer<CChar>?) throws -> Result
) rethrows -> Result {
    guard let text else { return try body(nil) }
    return try text.withCString { try body($0) }
}
