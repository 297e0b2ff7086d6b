import Diagnostics
import HTTP

/// A failure in MLflow's words: a code that its clients branch on, and a message.
struct MLflowError: UserFacingError, Equatable {
    enum Code: String, Sendable {
        case invalidParameterValue = "INVALID_PARAMETER_VALUE"
        case alreadyExists = "RESOURCE_ALREADY_EXISTS"
        case doesNotExist = "RESOURCE_DOES_NOT_EXIST"
        case endpointNotFound = "ENDPOINT_NOT_FOUND"
        case badRequest = "BAD_REQUEST"
        case unauthenticated = "UNAUTHENTICATED"
        case permissionDenied = "PERMISSION_DENIED"
        case conflict = "RESOURCE_CONFLICT"
        case invalidState = "INVALID_STATE"
        case dataLoss = "DATA_LOSS"
        case internalError = "INTERNAL_ERROR"
        case notImplemented = "NOT_IMPLEMENTED"
        case unavailable = "TEMPORARILY_UNAVAILABLE"

        var status: HTTPStatus {
            switch self {
            case .invalidParameterValue, .alreadyExists, .badRequest: .badRequest
            case .unauthenticated: .unauthorized
            case .permissionDenied: .forbidden
            case .doesNotExist, .endpointNotFound: .notFound
            case .conflict: .conflict
            case .invalidState, .dataLoss, .internalError: .internalServerError
            case .notImplemented: .notImplemented
            case .unavailable: .serviceUnavailable
            }
        }

        /// The one table from the kinds of our own errors to MLflow's codes. A conflict is the client's: MLflow answers
        /// 400, and its client would try a 409 or a 500 again.
        init(_ kind: ErrorKind) {
            self =
                switch kind {
                case .invalidInput, .conflict, .failed: .invalidParameterValue
                case .notFound: .doesNotExist
                case .corrupt: .dataLoss
                case .unavailable, .interrupted: .unavailable
                case .denied: .permissionDenied
                case .internal: .internalError
                }
        }
    }

    let code: Code
    let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    static func invalid(_ message: String) -> MLflowError { MLflowError(.invalidParameterValue, message) }

    static func missing(_ message: String) -> MLflowError { MLflowError(.doesNotExist, message) }

    var kind: ErrorKind {
        switch code {
        case .invalidParameterValue, .alreadyExists, .badRequest: .invalidInput
        case .unauthenticated, .permissionDenied: .denied
        case .doesNotExist, .endpointNotFound: .notFound
        case .conflict, .invalidState: .conflict
        case .dataLoss: .corrupt
        case .internalError, .notImplemented: .internal
        case .unavailable: .unavailable
        }
    }
}
