package import Diagnostics

/// Why runs could not be taken from MLflow.
package enum MLflowImportError: UserFacingError, Equatable {
    case badAddress
    case nothingThere(String)
    case notMLflow(String)
    case refused(status: Int, what: String, message: String)

    package var kind: ErrorKind {
        switch self {
        case .badAddress, .notMLflow: .invalidInput
        case .nothingThere: .notFound
        case .refused(let status, _, _):
            switch status {
            case 401, 403: .denied
            case 404: .notFound
            default: .unavailable
            }
        }
    }

    package var message: String {
        switch self {
        case .badAddress: "the address of the MLflow server is not well formed"
        case .nothingThere(let place): "there is no \(place)"
        case .notMLflow(let place): "\(place) is no tracking store of MLflow"
        case .refused(let status, let what, let message):
            "the MLflow server answered \(status) to \(what)" + (message.isEmpty ? "" : ": \(message)")
        }
    }

    package var hint: String? {
        switch self {
        case .badAddress: "it looks like https://mlflow.example.org"
        case .nothingThere, .notMLflow: "give a server's address, a folder `mlruns`, or the SQLite file of a server"
        case .refused(let status, _, _):
            [401, 403].contains(status)
                ? "set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD" : nil
        }
    }
}
