package import Diagnostics

/// Why a server could not be started.
package enum HTTPServerError: UserFacingError, Equatable {
    case libraryMissing(reason: String)
    case cannotListen(host: String, port: UInt16, reason: String)
    case cannotStart(reason: String)

    package var kind: ErrorKind {
        switch self {
        case .libraryMissing, .cannotListen: .unavailable
        case .cannotStart: .invalidInput
        }
    }

    package var message: String {
        switch self {
        case .libraryMissing(let reason): "the HTTP library cannot be opened: \(reason)"
        case .cannotListen(let host, let port, let reason): "cannot listen on \(host) port \(port): \(reason)"
        case .cannotStart(let reason): "the HTTP server cannot be started: \(reason)"
        }
    }

    package var hint: String? {
        switch self {
        case .libraryMissing: "install it: apt install libmicrohttpd12"
        case .cannotListen(_, _, "Address already in use"):
            "another program has the port: choose one with --port, or 0 for any"
        case .cannotListen(_, let port, "Permission denied") where port < 1024:
            "ports below 1024 belong to root: choose a higher one with --port"
        case .cannotListen: "check --host and --port"
        case .cannotStart: "check that the certificate and the key are PEM files that belong together"
        }
    }
}
