package import Diagnostics

/// Why there is no reply. What a server answered is never an error here, whatever its status.
///
/// Names the origin only: paths and queries may carry secrets.
package enum HTTPClientError: UserFacingError, Equatable {
    case libraryMissing(reason: String)
    case unknownHost(String)
    case cannotConnect(origin: String, reason: String)
    /// The server's certificate is not trusted, or the two do not agree on how to encrypt.
    case insecure(origin: String, reason: String)
    case certificatesUnreadable(path: String)
    case timedOut(origin: String)
    /// The connection broke, or what came over it was not HTTP.
    case connectionLost(origin: String, reason: String)
    case replyTooLarge(origin: String, limitBytes: Int)
    case tooManyRedirects(origin: String)
    case cancelled
    case failed(origin: String, reason: String)

    /// Whether the same request may succeed a little later.
    package var isTransient: Bool {
        switch self {
        case .unknownHost, .cannotConnect, .timedOut, .connectionLost: true
        case .libraryMissing, .insecure, .certificatesUnreadable, .replyTooLarge, .tooManyRedirects, .cancelled,
            .failed:
            false
        }
    }

    package var kind: ErrorKind {
        switch self {
        case .libraryMissing, .unknownHost, .cannotConnect, .timedOut, .connectionLost, .failed: .unavailable
        case .insecure: .denied
        case .certificatesUnreadable: .invalidInput
        case .replyTooLarge, .tooManyRedirects: .corrupt
        case .cancelled: .interrupted
        }
    }

    package var message: String {
        switch self {
        case .libraryMissing(let reason): "the network cannot be used: \(reason)"
        case .unknownHost(let host): "host \(host) is not known"
        case .cannotConnect(let origin, let reason): "\(origin) cannot be reached: \(reason)"
        case .insecure(let origin, let reason): "\(origin) is not trusted: \(reason)"
        case .certificatesUnreadable(let path): "certificate file \(path) cannot be used"
        case .timedOut(let origin): "\(origin) did not answer in time"
        case .connectionLost(let origin, let reason): "the connection to \(origin) was lost: \(reason)"
        case .replyTooLarge(let origin, let limit): "\(origin) sent a reply of more than \(limit) bytes"
        case .tooManyRedirects(let origin): "\(origin) redirects too often"
        case .cancelled: "the request was cancelled"
        case .failed(let origin, let reason): "the request to \(origin) failed: \(reason)"
        }
    }

    package var hint: String? {
        switch self {
        case .libraryMissing: "install the package `libcurl4`"
        case .unknownHost: "check the spelling of the host, and the network's name server"
        case .cannotConnect: "check the host, the port and the network"
        // As OpenSSL says of an answer that is no TLS.
        case .insecure(_, let reason) where reason.contains("wrong version number"):
            "the server does not speak TLS there: use http://, or another port"
        case .insecure: "if the server has a certificate of its own, name its CA file in the remote's options"
        case .certificatesUnreadable: "name a file with certificates in PEM form"
        case .timedOut, .connectionLost: "check the network, then try again"
        case .replyTooLarge, .tooManyRedirects: "check that the URL names the right server"
        case .cancelled, .failed: nil
        }
    }
}
