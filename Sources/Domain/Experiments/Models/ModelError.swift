package import Diagnostics

/// Why a model could not be read or changed as asked.
package enum ModelError: UserFacingError, Equatable {
    case noSuchModel(String)
    case modelExists(String)
    case noSuchVersion(model: String, version: Int64)
    case noSuchLoggedModel(String)

    package var kind: ErrorKind {
        switch self {
        case .noSuchModel, .noSuchVersion, .noSuchLoggedModel: .notFound
        case .modelExists: .conflict
        }
    }

    package var message: String {
        switch self {
        case .noSuchModel(let name): "model \(name) does not exist"
        case .modelExists(let name): "model \(name) exists already"
        case .noSuchVersion(let model, let version): "model \(model) has no version \(version)"
        case .noSuchLoggedModel(let id): "logged model \(id) does not exist"
        }
    }
}
