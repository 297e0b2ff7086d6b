import CPostgreSQL
import Glibc

/// Where a PostgreSQL database is and who uses it: `postgresql://user:password@host:5432/name`.
///
/// Shown without what may be a secret: the password, and everything else that it is not known to be none.
package struct PostgreSQLAddress: Sendable, CustomStringConvertible, CustomReflectable {
    /// As libpq reads it, with its password.
    let text: String
    package let description: String

    package static func isOne(_ text: String) -> Bool {
        text.hasPrefix("postgresql://") || text.hasPrefix("postgres://")
    }

    package init(_ text: String) throws(PostgreSQLError) {
        if let problem = CPQload() { throw .libraryMissing(reason: String(cString: problem)) }
        guard Self.isOne(text), !text.utf8.contains(0) else { throw .badAddress }
        var host: UnsafeMutablePointer<CChar>?
        var port: UnsafeMutablePointer<CChar>?
        var name: UnsafeMutablePointer<CChar>?
        var user: UnsafeMutablePointer<CChar>?
        // What libpq says of a wrong address quotes it.
        let problem = CPQparse(text, &host, &port, &name, &user)
        free(problem)
        if problem != nil { throw .badAddress }
        let place = [Self.take(host) ?? "localhost", Self.take(port)].compactMap(\.self).joined(separator: ":")
        let owner = Self.take(user)
        let database = Self.take(name) ?? owner ?? ""
        self.text = text
        description = "postgresql://" + (owner.map { $0 + "@" } ?? "") + place + "/" + database
    }

    package var customMirror: Mirror { Mirror(self, children: ["address": description]) }

    private static func take(_ text: UnsafeMutablePointer<CChar>?) -> String? {
        guard let text else { return nil }
        defer { free(text) }
        return String(cString: text)
    }
}
