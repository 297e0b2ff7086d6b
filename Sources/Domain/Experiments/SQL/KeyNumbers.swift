import Synchronization

/// The numbers of keys that are known to be in the database: they never change, so that a process asks once.
///
/// A number enters only after the transaction that read or made it was kept; one that was rolled back may be given to
/// another key.
final class KeyNumbers: Sendable {
    private static let capacity = 100_000
    private let numbers = Mutex<[String: Int64]>([:])

    /// As of now; cheap, as nothing is copied.
    var known: [String: Int64] { numbers.withLock { $0 } }

    func add(_ found: [String: Int64]) {
        if found.isEmpty { return }
        numbers.withLock { numbers in
            if numbers.count + found.count > Self.capacity { numbers = [:] }
            numbers.merge(found) { $1 }
        }
    }
}

/// The names of key numbers, as far as this process has read them.
final class KeyNames: Sendable {
    private static let capacity = 100_000
    private let names = Mutex<[Int64: String]>([:])

    var known: [Int64: String] { names.withLock { $0 } }

    /// `all`: what was known, and more.
    func add(_ all: [Int64: String]) {
        names.withLock { names in
            if all.count > names.count { names = all.count > Self.capacity ? [:] : all }
        }
    }
}
