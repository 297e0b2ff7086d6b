import Diagnostics
import HTTP
import JSON
import MicroHTTPD

/// The JSON object in the body of a request to our own API. Accessors check types; what is wrong is named.
struct JSONBody: Sendable {
    private let object: JSONObject

    fileprivate init(_ object: JSONObject) { self.object = object }

    func value(_ name: String) -> JSONValue? {
        guard let value = object[name], value != .null else { return nil }
        return value
    }

    func text(_ name: String) throws -> String? {
        switch value(name) {
        case nil: return nil
        case .string(let text)?: return text
        default: throw BodyError.wrongType(name, wanted: "a text")
        }
    }

    func requiredText(_ name: String) throws -> String {
        guard let text = try text(name) else { throw BodyError.missing(name) }
        return text
    }

    func flag(_ name: String) throws -> Bool {
        switch value(name) {
        case nil: return false
        case .bool(let flag)?: return flag
        default: throw BodyError.wrongType(name, wanted: "true or false")
        }
    }

    /// Empty if it is not given.
    func texts(_ name: String) throws -> [String] {
        guard let value = value(name) else { return [] }
        guard case .array(let items) = value else { throw BodyError.wrongType(name, wanted: "a list of texts") }
        return try items.map { item in
            guard case .string(let text) = item else { throw BodyError.wrongType(name, wanted: "a list of texts") }
            return text
        }
    }

    /// Nil if it is not given.
    func object(_ name: String) throws -> JSONObject? {
        guard let value = value(name) else { return nil }
        guard case .object(let object) = value else { throw BodyError.wrongType(name, wanted: "an object") }
        return object
    }
}

extension Request {
    /// A page of another site cannot send this type without asking us first, and we would say no.
    func json() throws -> JSONBody {
        let type = head.headers["Content-Type"]?.split(separator: ";").first.map {
            $0.filter { $0 != " " }.lowercased()
        }
        guard type == "application/json" else { throw BodyError.notJSON }
        guard let value = try? JSONValue(parsing: body), case .object(let object) = value else {
            throw BodyError.notJSON
        }
        return JSONBody(object)
    }
}

/// A body that cannot be used.
enum BodyError: UserFacingError, Equatable {
    case notJSON
    case missing(String)
    case wrongType(String, wanted: String)

    var kind: ErrorKind { .invalidInput }

    var message: String {
        switch self {
        case .notJSON: "the body is not a JSON object of the type application/json"
        case .missing(let name): "the body has no `\(name)`"
        case .wrongType(let name, let wanted): "`\(name)` in the body is not \(wanted)"
        }
    }
}
