import Diagnostics
import Experiments
import Files
import HTTP
import Hashing
import MicroHTTPD
import Objects
import Synchronization

/// An artifact on its way in: a short one is kept in memory, a long one in a file, until the object store has it.
final class ArtifactUpload: Upload {
    private struct State: Sendable {
        var head: [UInt8] = []
        var file: UnfinishedFile?
        var count = 0
    }

    private static let inMemoryBytes = 1 << 20

    private let services: Services
    /// What the client says that it sends; nil if it does not say.
    private let expected: SHA256Digest?
    /// Records it, once the object store has it.
    private let record: @Sendable (Digest) throws -> Void
    private let minimumBytes: Int
    private let maximumBytes: Int?
    private let state = Mutex(State())

    /// As an artifact at a path from the root of all.
    convenience init(_ path: RelativePath, _ services: Services, minimumBytes: Int = 0, maximumBytes: Int?) {
        self.init(services, minimumBytes: minimumBytes, maximumBytes: maximumBytes) { digest in
            try services.store.putArtifact(Artifact(path: path, digest: digest, modifiedAt: services.clock.now()))
        }
    }

    init(
        _ services: Services, minimumBytes: Int = 0, maximumBytes: Int? = nil, expected: SHA256Digest? = nil,
        record: @escaping @Sendable (Digest) throws -> Void
    ) {
        self.services = services
        self.expected = expected
        self.record = record
        self.minimumBytes = minimumBytes
        self.maximumBytes = maximumBytes
    }

    func receive(_ piece: UnsafeRawBufferPointer) throws {
        try state.withLock { state in
            state.count += piece.count
            if let maximumBytes, state.count > maximumBytes {
                throw MLflowError.invalid("Artifact size is too large. Max size is \(maximumBytes >> 20)MB.")
            }
            if state.file == nil, state.count <= Self.inMemoryBytes {
                state.head.append(contentsOf: piece)
                return
            }
            if state.file == nil {
                let folder = Self.folder(services)
                try services.fileSystem.makeFolders(folder)
                let file = try UnfinishedFile(in: folder, permissions: 0o600, fileSystem: services.fileSystem)
                try file.write(state.head)
                state.head = []
                state.file = file
            }
            try state.file?.write(piece.bytes)
        }
    }

    func finish() throws -> Reply {
        let (head, file, count) = state.withLock { ($0.head, $0.file, $0.count) }
        defer { abandon() }
        if count < minimumBytes { throw MLflowError.invalid("Request must specify data.") }
        let digest = try file.map { try services.objects.put(file: $0.path) } ?? services.objects.put(head)
        if let expected, digest.sha256 != expected {
            throw MLflowError.invalid("the content that came is not the one that was announced")
        }
        try record(digest)
        return .emptyObject
    }

    func abandon() { state.withLock { $0 = State() } }

    /// What a server that was killed had not taken whole.
    static func removeAbandoned(_ services: Services) {
        try? services.fileSystem.openFolder(folder(services)).removeAbandoned()
    }

    private static func folder(_ services: Services) -> AbsolutePath { services.scratch.appending("incoming") }
}
