package import Diagnostics

/// A path from the user's input that cannot be used.
package enum PathError: UserFacingError, Equatable {
    case empty
    case containsNUL(String)
    case outsideProject(String)

    package var kind: ErrorKind { .invalidInput }

    package var message: String {
        switch self {
        case .empty: "a path is empty"
        case .containsNUL(let path): "path \(path) contains a NUL byte"
        case .outsideProject(let path): "path \(path) is outside the project"
        }
    }

    package var hint: String? {
        switch self {
        case .empty, .containsNUL: nil
        case .outsideProject: "use a path inside the project's folder"
        }
    }
}
