import HTTP
import MicroHTTPD

/// The page: every URL of a view answers with the same `index.html`, and the view is chosen there. It holds no data,
/// so that anyone may load it; what it then asks for needs a token where tokens are needed.
struct PageRoutes {
    let assets: WebAssets

    /// The first words of the views' URLs; web/views/index.js has the views.
    static let sections = ["runs", "experiments", "compare", "pipeline", "data", "models", "new", "login", "static"]

    var routes: [Route] {
        let assets = assets
        let pages = ["/"] + Self.sections.flatMap { ["/\($0)", "/\($0)/{rest...}"] }
        return pages.map { route($0) { request in try assets.page(request.head) } } + [
            route("/assets/{version}/{path...}") { request in
                try assets.file(request.capture("path"), version: request.capture("version"), request.head)
            }
        ]
    }

    private func route(_ path: String, _ respond: @escaping @Sendable (Request) throws -> Reply) -> Route {
        Route(
            method: .get, pattern: PathPattern(path), access: .open, dialect: .native,
            action: .respond(maximumBodyBytes: 0, .worker, respond))
    }
}
