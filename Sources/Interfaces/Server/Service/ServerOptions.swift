package import Diagnostics
package import Files
package import MicroHTTPD

/// How a server is set up.
package struct ServerOptions: Sendable {
    package var host = "127.0.0.1"
    /// 0: any free one.
    package var port: UInt16 = 0
    package var tokens = TokenTable()
    package var tls: TLSCertificate?
    /// Host names under which clients know this server, besides `host`, `localhost` and addresses.
    package var hostNames: [String] = []
    /// A folder with the files of the page, for those who change them; nil: those in the binary.
    package var assets: AbsolutePath?
    /// The project's name, for the page's title.
    package var title = ""
    /// What `/version` and our own API say.
    package var version: String

    package init(version: String) { self.version = version }

    /// Whoever can reach a server without tokens owns it: that must be this machine alone.
    func check() throws {
        let isLoopback = host == "localhost" || host == "::1" || host.hasPrefix("127.")
        if tokens.isEmpty, !isLoopback { throw ServerError.openToTheNetwork(host: host) }
    }
}

/// Why a server does not start.
package enum ServerError: UserFacingError, Equatable {
    case openToTheNetwork(host: String)

    package var kind: ErrorKind { .denied }

    package var message: String {
        switch self {
        case .openToTheNetwork(let host): "listening on \(host) needs tokens, since others can reach it"
        }
    }

    package var hint: String? {
        "give a file with lines such as `write ci TOKEN` by --tokens, or listen on 127.0.0.1"
    }
}
