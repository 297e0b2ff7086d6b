package import Diagnostics
package import JSON

/// Reads the fields of a JSON object that came from elsewhere, each as what it must be or as an error that names it.
package struct JSONFields: Sendable {
    private let object: JSONObject
    /// What leads here: `series[3].`.
    private let place: String

    package init(_ value: JSONValue, at place: String = "") throws {
        guard case .object(let object) = value else {
            throw JSONFieldError(field: place.isEmpty ? "the message" : String(place.dropLast()), wanted: "an object")
        }
        self.object = object
        self.place = place
    }

    package var names: [String] { object.keys }

    /// Nil if it is not there, or null.
    package func value(_ name: String) -> JSONValue? {
        guard let value = object[name], value != .null else { return nil }
        return value
    }

    package func text(_ name: String) throws -> String? {
        guard let value = value(name) else { return nil }
        guard case .string(let text) = value else { throw wrong(name, "text") }
        return text
    }

    package func integer(_ name: String) throws -> Int64? {
        switch value(name) {
        case nil: return nil
        case .integer(let number)?: return number
        default: throw wrong(name, "a whole number")
        }
    }

    package func moment(_ name: String) throws -> Timestamp? {
        try integer(name).map { Timestamp(milliseconds: $0) }
    }

    package func flag(_ name: String) throws -> Bool {
        switch value(name) {
        case nil: return false
        case .bool(let flag)?: return flag
        default: throw wrong(name, "true or false")
        }
    }

    /// Empty if it is not there.
    package func array(_ name: String) throws -> [JSONValue] {
        switch value(name) {
        case nil: return []
        case .array(let items)?: return items
        default: throw wrong(name, "a list")
        }
    }

    package func texts(_ name: String) throws -> [String] {
        try array(name).map { item in
            guard case .string(let text) = item else { throw wrong(name, "a list of texts") }
            return text
        }
    }

    package func object(_ name: String) throws -> JSONFields? {
        try value(name).map { try JSONFields($0, at: "\(place)\(name).") }
    }

    package func objects(_ name: String) throws -> [JSONFields] {
        try array(name).enumerated().map { try JSONFields($1, at: "\(place)\(name)[\($0)].") }
    }

    /// The pairs of an object, such as params.
    package func pairs(_ name: String) throws -> [(key: String, value: JSONValue)] {
        guard let value = value(name) else { return [] }
        guard case .object(let object) = value else { throw wrong(name, "an object") }
        return object.pairs
    }

    package func required<Value>(_ name: String, _ value: Value?) throws -> Value {
        guard let value else { throw JSONFieldError(field: place + name, wanted: "given") }
        return value
    }

    package func wrong(_ name: String, _ wanted: String) -> JSONFieldError {
        JSONFieldError(field: place + name, wanted: wanted)
    }
}

/// A field of a message that is not what it must be.
package struct JSONFieldError: UserFacingError, Equatable {
    package let field: String
    package let wanted: String

    package init(field: String, wanted: String) {
        self.field = field
        self.wanted = wanted
    }

    package var kind: ErrorKind { .invalidInput }
    package var message: String { "\(field) must be \(wanted)" }
}
