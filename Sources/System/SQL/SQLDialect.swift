/// The few words that SQLite and PostgreSQL have different ones for.
package enum SQLDialect: Sendable {
    case sqlite
    case postgresql

    /// A number smaller than all others.
    package var negativeInfinity: String { self == .sqlite ? "-9e999" : "'-Infinity'::float8" }

    /// `a` and `b` differ, and NULL is a value like any other.
    package var isDistinctFrom: String { self == .sqlite ? "IS NOT" : "IS DISTINCT FROM" }

    /// Between a text and a POSIX extended regular expression that is found anywhere in it.
    package var matches: String { self == .sqlite ? "REGEXP" : "~" }

    /// The place of a number that is compared with one of any type.
    package var number: String { self == .sqlite ? "?" : "?::float8" }

    /// The items of a JSON array of texts, which is bound or computed by `json`, as a column named `value`.
    package func items(ofJSON json: String) -> String {
        self == .sqlite ? "json_each(\(json))" : "json_array_elements_text((\(json))::json) AS items(value)"
    }

    /// The items of such an array as one text, with spaces between.
    package func joined(json: String) -> String {
        self == .sqlite
            ? "(SELECT group_concat(value, ' ') FROM \(items(ofJSON: json)))"
            : "(SELECT string_agg(value, ' ') FROM \(items(ofJSON: json)))"
    }

    /// A condition that `column` is one of the integers that `list(of:)` makes a value of.
    package func isListed(_ column: String) -> String {
        self == .sqlite ? "\(column) IN (SELECT value FROM json_each(?))" : "\(column) = ANY (?::bigint[])"
    }

    package func list(of numbers: some Sequence<Int64>) -> SQLValue {
        let items = numbers.map(String.init).joined(separator: ",")
        return .text(self == .sqlite ? "[\(items)]" : "{\(items)}")
    }

    /// How many rows one INSERT takes, the largest first. A statement costs SQLite nothing.
    var rowsPerInsert: [Int] { self == .sqlite ? [1] : [256, 16, 1] }
}
