/// A database that several threads, and several processes, use at once.
package protocol SQLDatabase: Sendable {
    var dialect: SQLDialect { get }

    /// Everything that `body` reads is of one moment. `body` must not write.
    func read<T: Sendable>(_ body: (any SQLConnection) throws -> T) throws -> T

    /// All that `body` writes is kept, or nothing is if it throws. Writers come one after the other, also those of
    /// other processes, so that what `body` has read stays true until it is done. `body` may run more than once, and
    /// on another thread while this one waits.
    @discardableResult
    func write<T: Sendable>(_ body: (any SQLConnection) throws -> T) throws -> T

    /// As `write`, for a body that only adds, and is right whatever others write meanwhile: it need not wait for them.
    @discardableResult
    func append<T: Sendable>(_ body: (any SQLConnection) throws -> T) throws -> T

    /// Brings the schema up to date: migration n takes it from version n to n + 1. All pending ones run in one
    /// transaction; a database that is already current costs one read. One of a newer program is refused, untouched.
    func migrate(_ migrations: [String]) throws

    /// Gives back what is not needed between requests: a log that can be folded into the main file.
    func checkpoint() throws
}
