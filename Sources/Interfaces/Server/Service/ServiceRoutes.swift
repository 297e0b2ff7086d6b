import HTTP
import MicroHTTPD

/// What a load balancer, a client and Prometheus ask the server about itself.
struct ServiceRoutes {
    let counters: ServerCounters

    /// Clients of MLflow read this as the version of an MLflow server, and choose what they ask by it.
    static let mlflowVersion = "3.17.2"

    var routes: [Route] {
        [
            route("/health", .open) { _ in .text("OK") },
            route("/version", .open) { _ in .text(Self.mlflowVersion) },
            route("/metrics", .needs(.read)) { _ in .text(counters.text()) },
        ]
    }

    private func route(
        _ path: String, _ access: Access, _ respond: @escaping @Sendable (Request) throws -> Reply
    ) -> Route {
        Route(
            method: .get, pattern: PathPattern(path), access: access, dialect: .native,
            action: .respond(maximumBodyBytes: 0, .event, respond))
    }
}
