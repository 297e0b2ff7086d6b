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
    private struct State: ~Copyable {
        var head: [UInt8] = []
        var file: OpenFile?
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
    private let temporary: AbsolutePath
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
        temporary = services.scratch.appending(FileSystem.temporaryName())
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
                try services.fileSystem.makeFolders(services.scratch)
                let file = try services.fileSystem.create(temporary, permissions: 0o600)
                try file.write(state.head)
                state.head = []
                state.file = consume file
            }
            try state.file?.write(piece.bytes)
        }
    }

    func finish() throws -> Reply {
        let bytes = try state.withLock { state -> [UInt8]? in
            if state.count < minimumBytes { throw MLflowError.invalid("Request must specify data.") }
            guard let file = state.file.take() else { return state.head }
            try file.close()
            return nil
        }
        defer { abandon() }
        let digest = try bytes.map { try services.objects.put($0) } ?? services.objects.put(file: temporary)
        if let expected, digest.sha256 != expected {
            throw MLflowError.invalid("the content that came is not the one that was announced")
        }
        try record(digest)
        return .emptyObject
    }

    func abandon() {
        state.withLock { state in
            state.file = nil
            state.head = []
        }
        _ = try? services.fileSystem.removeFile(temporary)
    }
}
