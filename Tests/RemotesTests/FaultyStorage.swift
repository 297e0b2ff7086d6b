import HTTP
import Synchronization

@testable import Remotes

/// Fails on purpose: what happens to each call is decided by a function of its number and kind.
final class FaultyStorage: RemoteStorage {
    enum Fault: Sendable {
        /// The call is not made.
        case fail(RemoteError)
        /// The call is made, and its answer lost.
        case failAfter(RemoteError)
        /// What was read has one bit flipped, or lacks its end.
        case corrupt
        case truncate
    }

    private let storage: any RemoteStorage
    private let plan: @Sendable (_ number: Int, _ kind: RecordingStorage.Call.Kind, _ name: String) -> Fault?
    private let callCount = Atomic(0)

    /// `plan` is given the number of the call, from 1 on.
    init(
        _ storage: any RemoteStorage,
        plan: @escaping @Sendable (_ number: Int, _ kind: RecordingStorage.Call.Kind, _ name: String) -> Fault?
    ) {
        self.storage = storage
        self.plan = plan
    }

    var calls: Int { callCount.load(ordering: .relaxed) }
    var label: String { storage.label }
    var isWritable: Bool { storage.isWritable }

    func put(_ name: RemoteName, _ bytes: [UInt8]) throws -> PutOutcome {
        try call(.put, name.text) { try storage.put(name, bytes) }.result
    }

    func get(_ name: RemoteName, _ range: ByteRange?, limitBytes: Int) throws -> [UInt8]? {
        let (bytes, fault) = try call(.get, name.text) { try storage.get(name, range, limitBytes: limitBytes) }
        guard var bytes, !bytes.isEmpty else { return bytes }
        switch fault {
        case .corrupt: bytes[bytes.count / 2] ^= 0x10
        case .truncate: bytes.removeLast(bytes.count / 2 + 1)
        case .fail, .failAfter, nil: break
        }
        return bytes
    }

    func head(_ name: RemoteName) throws -> RemoteEntry? {
        try call(.head, name.text) { try storage.head(name) }.result
    }

    func list(_ folder: String, page: String?) throws -> RemotePage {
        try call(.list, folder) { try storage.list(folder, page: page) }.result
    }

    func delete(_ name: RemoteName) throws {
        _ = try call(.delete, name.text) { try storage.delete(name) }
    }

    private func call<Result>(
        _ kind: RecordingStorage.Call.Kind, _ name: String, _ body: () throws -> Result
    ) throws -> (result: Result, fault: Fault?) {
        let number = callCount.add(1, ordering: .relaxed).newValue
        let fault = plan(number, kind, name)
        if case .fail(let error)? = fault { throw error }
        let result = try body()
        if case .failAfter(let error)? = fault { throw error }
        return (result, fault)
    }
}
