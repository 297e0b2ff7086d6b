import Diagnostics
import HTTP
import MicroHTTPD

/// Turns what a handler throws into a reply, in the shape that the route's API has.
enum ErrorReply {
    /// `log` is told what the client must not see.
    static func make(_ error: any Error, _ dialect: Route.Dialect, log: (String) -> Void) -> Reply {
        guard let known = error as? any UserFacingError else {
            log("internal error: \(error)")
            return make(MLflowError(.internalError, "internal error; the server's log says more"), dialect)
        }
        if known.kind == .internal || known.kind == .corrupt { log("\(known)") }
        if known.kind == .internal, !(known is MLflowError) {
            return make(MLflowError(.internalError, "internal error; the server's log says more"), dialect)
        }
        return make(known, dialect)
    }

    static func make(_ error: any UserFacingError, _ dialect: Route.Dialect) -> Reply {
        var reply = body(error, dialect)
        // What cannot be done now may be done in a moment: clients of MLflow try again by themselves.
        if reply.status == .serviceUnavailable { reply.headers["Retry-After"] = "1" }
        return reply
    }

    private static func body(_ error: any UserFacingError, _ dialect: Route.Dialect) -> Reply {
        switch dialect {
        case .mlflow:
            let mlflow = error as? MLflowError ?? MLflowError(MLflowError.Code(error.kind), sentence(error))
            return .json(mlflow.code.status) { writer in
                writer.object {
                    $0.key("error_code")
                    $0.string(mlflow.code.rawValue)
                    $0.key("message")
                    $0.string(mlflow.message)
                }
            }
        case .native:
            return .json((error as? MLflowError)?.code.status ?? HTTPStatus(error.kind)) { writer in
                writer.object {
                    $0.key("error")
                    $0.object {
                        $0.key("kind")
                        $0.string(error.kind.rawValue)
                        $0.key("message")
                        $0.string(error.message)
                        if let hint = error.hint {
                            $0.key("hint")
                            $0.string(hint)
                        }
                        if let place = error.location {
                            $0.key("column")
                            $0.integer(Int64(place.column))
                        }
                    }
                }
            }
        }
    }

    /// A name of several words and a hint, as one line.
    private static func sentence(_ error: any UserFacingError) -> String {
        error.message + (error.hint.map { " (\($0))" } ?? "")
    }
}

extension HTTPStatus {
    /// The one table from the kinds of our errors to statuses of our own API.
    init(_ kind: ErrorKind) {
        self =
            switch kind {
            case .failed, .invalidInput: .badRequest
            case .notFound: .notFound
            case .conflict: .conflict
            case .corrupt, .internal: .internalServerError
            case .unavailable, .interrupted: .serviceUnavailable
            case .denied: .forbidden
            }
    }
}

extension Reply {
    static func json(_ status: HTTPStatus = .ok, _ write: (inout JSONWriter) -> Void) -> Reply {
        var writer = JSONWriter()
        write(&writer)
        return .json(status, bytes: writer.bytes)
    }

    static func json(_ status: HTTPStatus = .ok, bytes: [UInt8]) -> Reply {
        Reply(status, headers: ["Content-Type": "application/json"], body: .bytes(bytes))
    }

    /// What a call without a result answers.
    static let emptyObject = Reply.json(bytes: Array("{}".utf8))
}
