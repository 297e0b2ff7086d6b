import HTTP
import Synchronization

@testable import Remotes

/// Counts what is asked of a remote, for tests that assert what a push costs.
final class RecordingStorage: RemoteStorage {
    struct Call: Sendable, Hashable {
        enum Kind: String, Sendable, Hashable { case put, get, head, list, delete }

        let kind: Kind
        /// The file, or the folder that was listed.
        let name: String
        /// Sent or received.
        let bytes: Int
    }

    private let storage: any RemoteStorage
    private let record = Mutex<[Call]>([])

    init(_ storage: any RemoteStorage) { self.storage = storage }

    var calls: [Call] { record.withLock { $0 } }

    func count(_ kind: Call.Kind) -> Int { record.withLock { $0.count { $0.kind == kind } } }

    func bytes(_ kind: Call.Kind) -> Int {
        record.withLock { $0.reduce(0) { $0 + ($1.kind == kind ? $1.bytes : 0) } }
    }

    func reset() { record.withLock { $0 = [] } }

    var label: String { storage.label }
    var isWritable: Bool { storage.isWritable }

    @discardableResult
    func put(_ name: RemoteName, _ bytes: [UInt8]) throws -> PutOutcome {
        note(.put, name.text, bytes.count)
        return try storage.put(name, bytes)
    }

    func get(_ name: RemoteName, _ range: ByteRange?, limitBytes: Int) throws -> [UInt8]? {
        let bytes = try storage.get(name, range, limitBytes: limitBytes)
        note(.get, name.text, bytes?.count ?? 0)
        return bytes
    }

    func head(_ name: RemoteName) throws -> RemoteEntry? {
        note(.head, name.text, 0)
        return try storage.head(name)
    }

    func list(_ folder: String, page: String?) throws -> RemotePage {
        note(.list, folder, 0)
        return try storage.list(folder, page: page)
    }

    func delete(_ name: RemoteName) throws {
        note(.delete, name.text, 0)
        try storage.delete(name)
    }

    private func note(_ kind: Call.Kind, _ name: String, _ bytes: Int) {
        record.withLock { $0.append(Call(kind: kind, name: name, bytes: bytes)) }
    }
}
