import Experiments
import MicroHTTPD
import Threads

/// The server of a project or a team: MLflow's API, our own, events, health and counters, on one port.
///
///     request ─► HTTPServer ─► Dispatcher: route, access ─► a handler of MLflowAPI or NativeAPI ─► store, objects
package final class ReproServer: Sendable {
    private let server: HTTPServer
    private let tidier: Thread
    private let tidierEnd = Mailbox<Void>()
    private let launcher: RunLauncher
    private let watcher: StoreWatcher

    /// Listens, and answers, from the moment it returns.
    package init(options: ServerOptions, services: Services, log: ServerLog) throws {
        try options.check()
        let counters = ServerCounters()
        let sessions = SessionTable(clock: services.clock)
        let api = NativeAPI(services: services, options: options, sessions: sessions)
        let routes =
            ServiceRoutes(counters: counters).routes + MLflowAPI(services: services, isTLS: options.tls != nil).routes
            + api.routes
            + PageRoutes(assets: WebAssets(folder: options.assets, fileSystem: services.fileSystem)).routes
        let policy = AccessPolicy(
            tokens: options.tokens, sessions: sessions,
            hostNames: Set((options.hostNames + [options.host]).map { $0.lowercased() }))
        var http = HTTPServerOptions()
        http.host = options.host
        http.port = options.port
        http.tls = options.tls
        if services.isStoreRemote { http.workerThreads = 2 * http.workerThreads }
        let dispatcher = Dispatcher(
            routes: RouteTable(routes), policy: policy, log: log, counters: counters,
            alwaysWorks: services.isStoreRemote)
        watcher = StoreWatcher(services)
        server = try HTTPServer(options: http, handler: dispatcher)
        launcher = services.launcher
        tidier = Self.startTidying(services, counters, end: tidierEnd)
    }

    /// After a second in which nothing was asked, and once more at the end, the store may tidy up; uploads that nobody
    /// goes on with, and what a server that was killed has left of its own, are removed at the start and every hour.
    private static func startTidying(
        _ services: Services, _ counters: ServerCounters, end: Mailbox<Void>
    ) -> Thread {
        Thread.start(name: "tidy") {
            let store = services.store
            var lastCount = 0
            var tidiedCount = 0
            var seconds = 0
            while end.receive(timeout: .seconds(1)) == nil {
                if seconds % 3600 == 0 {
                    ArtifactUpload.removeAbandoned(services)
                    try? PartialUploads(services: services).removeStale()
                }
                seconds += 1
                let count = counters.finishedCount
                if count == lastCount, count != tidiedCount {
                    try? store.tidy()
                    Heap.giveBack()
                    tidiedCount = count
                }
                lastCount = count
            }
            try? store.tidy()
        }
    }

    package var port: UInt16 { server.port }

    /// Ends when what has begun is done. Answers how many requests had to be cut.
    @discardableResult
    package func stop(gracePeriod: Duration = .seconds(30)) -> Int {
        watcher.stop()
        let cut = server.stop(gracePeriod: gracePeriod)
        launcher.stop()
        tidierEnd.send(())
        tidier.join()
        return cut
    }

    deinit { tidierEnd.send(()) }
}
