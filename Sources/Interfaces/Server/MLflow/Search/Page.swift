import HTTP
import JSON

/// A place in a list that a client can come back to: an offset, in base64, opaque to clients.
enum PageToken {
    static func offset(_ token: String?) throws -> Int {
        guard let token, !token.isEmpty else { return 0 }
        guard let bytes = Base64.decode(token), case .object(let object)? = try? JSONValue(parsing: bytes),
            case .integer(let offset)? = object["offset"], offset >= 0
        else { throw MLflowError.invalid("Invalid page token, could not base64-decode") }
        return Int(offset)
    }

    static func make(_ offset: Int) -> String { Base64.encode("{\"offset\": \(offset)}".utf8) }

    /// How many a request wants: an error outside 1 to `most`.
    static func limit(_ parameters: Parameters, default standard: Int, most: Int) throws -> Int {
        guard let asked = try parameters.integer("max_results") else { return standard }
        guard asked >= 1, asked <= most else {
            throw MLflowError.invalid(
                "Invalid value \(asked) for parameter 'max_results' supplied: It must be at least 1 and at most \(most)"
            )
        }
        return Int(asked)
    }
}
