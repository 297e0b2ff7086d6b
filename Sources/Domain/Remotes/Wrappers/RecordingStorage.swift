package import HTTP
import Synchronization

/// Counts what is asked of a remote, for progress and for tests that assert what a push costs.
package final class RecordingStorage: RemoteStorage {
    package struct Call: Sendable, Hashable {
        package enum Kind: String, Sendable, Hashable { case put, get, head, list, delete }

        package let kind: Kind
        /// The file, or the folder that was listed.
        package let name: String
        /// Sent or received.
        package let bytes: Int
    }

    private let storage: any RemoteStorage
    private let record = Mutex<[Call]>([])

    package init(_ storage: any RemoteStorage) { self.storage = storage }

    package var calls: [Call] { record.withLock { $0 } }

    package func count(_ kind: Call.Kind) -> Int { record.withLock { $0.count { $0.kind == kind } } }

    package func bytes(_ kind: Call.Kind) -> Int {
        record.withLock { $0.reduce(0) { $0 + ($1.kind == kind ? $1.bytes : 0) } }
    }

    package func reset() { record.withLock { $0 = [] } }

    package var label: String { storage.label }
    package var isWritable: Bool { storage.isWritable }

    @discardableResult
    package func put(_ name: RemoteName, _ bytes: [UInt8]) throws -> PutOutcome {
        note(.put, name.text, bytes.count)
        return try storage.put(name, bytes)
    }

    package func get(_ name: RemoteName, _ range: ByteRange?, limitBytes: Int) throws -> [UInt8]? {
        let bytes = try storage.get(name, range, limitBytes: limitBytes)
        note(.get, name.text, bytes?.count ?? 0)
        return bytes
    }

    package func head(_ name: RemoteName) throws -> RemoteEntry? {
        note(.head, name.text, 0)
        return try storage.head(name)
    }

    package func list(_ folder: String, page: String?) throws -> RemotePage {
        note(.list, folder, 0)
        return try storage.list(folder, page: page)
    }

    package func delete(_ name: RemoteName) throws {
        note(.delete, name.text, 0)
        try storage.delete(name)
    }

    private func note(_ kind: Call.Kind, _ name: String, _ bytes: Int) {
        record.withLock { $0.append(Call(kind: kind, name: name, bytes: bytes)) }
    }
}
