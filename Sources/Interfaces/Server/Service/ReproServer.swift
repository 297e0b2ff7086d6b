import MicroHTTPD

/// The server of a project or a team: MLflow's API, our own, events, health and counters, on one port.
///
///     request ─► HTTPServer ─► Dispatcher: route, access ─► a handler of MLflowAPI or NativeAPI ─► store, objects
package final class ReproServer: Sendable {
    private let server: HTTPServer

    /// Listens, and answers, from the moment it returns.
    package init(options: ServerOptions, services: Services, log: ServerLog) throws {
        try options.check()
        let counters = ServerCounters()
        let routes =
            ServiceRoutes(counters: counters).routes + MLflowAPI(services: services).routes
            + NativeAPI(services: services, version: options.version).routes
        let policy = AccessPolicy(
            tokens: options.tokens,
            hostNames: Set((options.hostNames + [options.host]).map { $0.lowercased() }))
        var http = HTTPServerOptions()
        http.host = options.host
        http.port = options.port
        http.tls = options.tls
        server = try HTTPServer(
            options: http,
            handler: Dispatcher(routes: RouteTable(routes), policy: policy, log: log, counters: counters))
    }

    package var port: UInt16 { server.port }

    /// Ends when what has begun is done. Answers how many requests had to be cut.
    @discardableResult
    package func stop(gracePeriod: Duration = .seconds(30)) -> Int { server.stop(gracePeriod: gracePeriod) }
}
