import Diagnostics
import Experiments
import HTTP
import MicroHTTPD

/// MLflow's REST API over our store: its words, its quirks and nothing of them elsewhere. Each handler is a method in
/// a file of its family; `routes` lists them all.
struct MLflowAPI: Sendable {
    let services: Services
    /// Whether clients reach us by HTTPS without a proxy's help.
    var isTLS = false

    var store: any TrackingStore { services.store }

    var now: Timestamp { services.clock.now() }

    /// Room for a log-batch of a thousand long metrics and a hundred long params.
    static let bodyLimit = 16 << 20

    typealias Handler = @Sendable (Request) throws -> Reply

    /// The same under the clients' and the web page's prefix.
    static func both(
        _ method: HTTPMethod, _ path: String, _ role: Role, _ thread: HandlerThread = .event,
        _ handler: @escaping Handler
    ) -> [Route] {
        ["/api/2.0/", "/ajax-api/2.0/"].map { one(method, $0 + path, .needs(role), thread, handler) }
    }

    static func one(
        _ method: HTTPMethod, _ path: String, _ access: Access, _ thread: HandlerThread = .event,
        _ handler: @escaping Handler
    ) -> Route {
        Route(
            method: method, pattern: PathPattern(path), access: access, dialect: .mlflow,
            action: .respond(maximumBodyBytes: bodyLimit, thread, handler))
    }

    var routes: [Route] {
        experimentRoutes + runRoutes + metricRoutes + lineageRoutes + artifactRoutes + registryRoutes
            + loggedModelRoutes + serviceRoutes
    }

    private var serviceRoutes: [Route] {
        ["/api/3.0/", "/ajax-api/3.0/"].map { Self.one(.get, $0 + "mlflow/server-info", .open, .event, serverInfo) }
    }
}
