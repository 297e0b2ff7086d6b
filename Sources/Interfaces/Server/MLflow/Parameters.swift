import HTTP
import JSON
import MicroHTTPD

/// The fields of an MLflow request: of its JSON body or, for GET, of its query. Names are snake_case or camelCase.
///
/// Accessors check types as MLflow declares them; what is wrong is a 400 that names the field.
struct Parameters: Sendable {
    private let object: JSONObject
    /// Query values are text, whatever their type is.
    private let isText: Bool

    init(_ object: JSONObject) throws {
        self.object = try snakeCase(object)
        isText = false
    }

    /// A GET without query may carry a JSON body.
    init(_ request: Request) throws {
        if request.head.method == .get || request.head.method == .head, !request.query.isEmpty || request.body.isEmpty {
            var object = JSONObject()
            for item in request.query {
                switch object[item.name] {
                case nil: object[item.name] = .string(item.value)
                case .array(let items)?: object[item.name] = .array(items + [.string(item.value)])
                case let first?: object[item.name] = .array([first, .string(item.value)])
                }
            }
            self.object = object
            isText = true
            return
        }
        if request.head.method == .post || request.head.method == .put { try checkContentType(request) }
        self.object = try snakeCase(bodyObject(request.body))
        isText = false
    }

    /// Whether the field is there and not null.
    func has(_ name: String) -> Bool { value(name) != nil }

    func value(_ name: String) -> JSONValue? {
        guard let value = object[name], value != .null else { return nil }
        return value
    }

    func string(_ name: String) throws -> String? {
        switch value(name) {
        case nil: return nil
        case .string(let text)?: return text
        case let other?: throw invalid(name, other)
        }
    }

    /// Empty counts as missing.
    func required(_ name: String) throws -> String {
        guard let text = try string(name), !text.isEmpty else { throw missing(name) }
        return text
    }

    func integer(_ name: String) throws -> Int64? {
        guard let value = value(name) else { return nil }
        switch value {
        case .integer(let number): return number
        case .number(let number): if let exact = Int64(exactly: number) { return exact }
        case .string(let text): if let number = Int64(text) { return number }
        default: break
        }
        throw invalid(name, value)
    }

    func requiredInteger(_ name: String) throws -> Int64 {
        guard let number = try integer(name) else { throw missing(name) }
        return number
    }

    func number(_ name: String) throws -> Double? {
        guard let value = value(name) else { return nil }
        switch value {
        case .integer(let number): return Double(number)
        case .number(let number): if number.isFinite { return number }
        case .string("NaN"): return .nan
        case .string("Infinity"): return .infinity
        case .string("-Infinity"): return -.infinity
        case .string(let text): if let number = Double(text), number.isFinite { return number }
        default: break
        }
        throw invalid(name, value)
    }

    func bool(_ name: String) throws -> Bool? {
        guard let value = value(name) else { return nil }
        switch value {
        case .bool(let flag): return flag
        case .string("true") where isText: return true
        case .string("false") where isText: return false
        default: throw invalid(name, value)
        }
    }

    func strings(_ name: String) throws -> [String] {
        switch value(name) {
        case nil: return []
        case .array(let items)?:
            return try items.map { item in
                guard case .string(let text) = item else { throw invalid(name, .array(items)) }
                return text
            }
        case .string(let text)? where isText: return [text]
        case let other?: throw invalid(name, other)
        }
    }

    func objects(_ name: String) throws -> [Parameters] {
        switch value(name) {
        case nil: return []
        case .array(let items)?:
            return try items.map { item in
                guard case .object(let object) = item else { throw invalid(name, .array(items)) }
                return try Parameters(object)
            }
        case let other?: throw invalid(name, other)
        }
    }

    func object(_ name: String) throws -> Parameters? {
        switch value(name) {
        case nil: return nil
        case .object(let object)?: return try Parameters(object)
        case let other?: throw invalid(name, other)
        }
    }

    /// An enum's value: its name or its number.
    func choice(_ name: String, _ names: [Int64: String]) throws -> String? {
        guard let value = value(name) else { return nil }
        switch value {
        case .string(let text) where names.values.contains(text): return text
        case .string(let text): if isText, let found = Int64(text).flatMap({ names[$0] }) { return found }
        case .integer(let number): if let found = names[number] { return found }
        default: break
        }
        throw invalid(name, value)
    }

    private func invalid(_ name: String, _ value: JSONValue) -> MLflowError { invalidValue(name, value) }

    private func missing(_ name: String) -> MLflowError { missingValue(name) }
}

func missingValue(_ name: String) -> MLflowError {
    .invalid(
        "Missing value for required parameter '\(name)'. See the API docs for more information about request parameters."
    )
}

func invalidValue(_ name: String, _ value: JSONValue) -> MLflowError {
    let type =
        switch value {
        case .null: "null"
        case .bool: "bool"
        case .integer: "int"
        case .number: "float"
        case .string: "str"
        case .array: "list"
        case .object: "dict"
        }
    return .invalid(
        "Invalid value \(value.text()) for parameter '\(name)' supplied:  Hint: Value was of type '\(type)'. "
            + "See the API docs for more information about request parameters.")
}

func checkContentType(_ request: Request) throws {
    guard let type = request.head.headers["Content-Type"] else {
        throw MLflowError.invalid("Bad Request. Content-Type header is missing.")
    }
    let essence = type.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
    guard essence == "application/json" else {
        throw MLflowError.invalid("Bad Request. Content-Type must be one of ['application/json'].")
    }
}

/// A body may be empty, an object, or a string that holds an object.
func bodyObject(_ body: [UInt8]) throws -> JSONObject {
    if body.isEmpty { return JSONObject() }
    switch try JSONValue(parsing: body, file: "the body") {
    case .object(let object): return object
    case .string(let text):
        if case .object(let object) = try JSONValue(parsing: text, file: "the body") { return object }
    default: break
    }
    throw MLflowError.invalid("the body is not a JSON object")
}

private func snakeCase(_ object: JSONObject) throws -> JSONObject {
    guard object.keys.contains(where: { $0.utf8.contains { (65...90).contains($0) } }) else { return object }
    var result = JSONObject()
    for (key, value) in object.pairs {
        var name = ""
        for character in key {
            if character.isASCII, character.isUppercase {
                name += "_" + character.lowercased()
            } else {
                name.append(character)
            }
        }
        if result[name] != nil { throw MLflowError.invalid("field '\(name)' is given twice, as '\(key)' too") }
        result[name] = value
    }
    return result
}
