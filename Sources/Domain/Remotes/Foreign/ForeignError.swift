package import Diagnostics

/// Why a file at an address that somebody typed could not be had. An address is shown without its query: that may hold
/// a secret.
package enum ForeignError: UserFacingError, Equatable {
    case notAnAddress(String, reason: String)
    /// The address names no file that could be called something.
    case noName(String)
    case notThere(String)
    case denied(String, status: String)
    case unavailable(String, status: String)
    case unexpected(String, status: String)
    /// It changed while it was read in parts.
    case changed(String)

    package var kind: ErrorKind {
        switch self {
        case .notAnAddress, .noName: .invalidInput
        case .notThere: .notFound
        case .denied: .denied
        case .unavailable: .unavailable
        case .unexpected: .corrupt
        case .changed: .conflict
        }
    }

    package var message: String {
        switch self {
        case .notAnAddress(let text, let reason): "\(text) cannot be imported: \(reason)"
        case .noName(let address): "\(address) ends with no file's name"
        case .notThere(let address): "there is nothing at \(address)"
        case .denied(let address, let status): "\(address) may not be read: \(status)"
        case .unavailable(let address, let status): "\(address) cannot be read now: \(status)"
        case .unexpected(let address, let status): "\(address) answered with \(status)"
        case .changed(let address): "\(address) changed while it was read"
        }
    }

    package var hint: String? {
        switch self {
        case .notAnAddress: "use a path, or a URL that begins with http://, https://, s3://, gs:// or file://"
        case .noName: "say where the file should go, as the second argument"
        case .notThere: "check the address; a file may have moved"
        case .denied: nil
        case .unavailable, .changed: "try again later"
        case .unexpected: "check that the URL names a file and not a page"
        }
    }
}
