import Files
import Hashing
import Synchronization

/// A small object on its way into a pack.
struct SmallObject: Sendable {
    let digest: Digest
    /// Compressed or not.
    let stored: [UInt8]
    let isCompressed: Bool
}

/// A pack and its index, written, and neither durable nor visible.
struct SealedPack: Sendable {
    let name: PackName
    let pack: SharedFile
    let index: SharedFile
    let packPath: AbsolutePath
    let indexPath: AbsolutePath
}

/// Where the small objects of one batch go: into packs in progress, whatever their number in bounded memory.
///
/// The first few wait in memory: a batch that has no more makes loose files of them. Any thread adds. After a write that
/// failed, the pack cannot go on, and everything that follows fails alike.
final class PackSink: Sendable {
    private let fileSystem: FileSystem
    private let nextPath: @Sendable () throws -> AbsolutePath
    private let fewestObjects: Int
    private let state = Mutex(State())

    private struct State {
        var known: [ObjectID: SHA256Digest] = [:]
        var waiting: [SmallObject] = []
        var isPacking = false
        var writer: PackWriter?
        var sealed: [SealedPack] = []
        var failure: (any Error)?
    }

    init(
        in fileSystem: FileSystem, fewestObjects: Int = PackFormat.fewestObjects,
        nextPath: @escaping @Sendable () throws -> AbsolutePath
    ) {
        self.fileSystem = fileSystem
        self.fewestObjects = fewestObjects
        self.nextPath = nextPath
    }

    /// The SHA-256 of the object of this id that was added; nil if none was.
    func sha256(of id: ObjectID) -> SHA256Digest? { state.withLock { $0.known[id] } }

    /// Takes the object, unless it has one of that id.
    func add(_ object: SmallObject) throws {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            guard state.known.updateValue(object.digest.sha256, forKey: object.digest.id) == nil else { return }
            do {
                try take(object, &state)
            } catch {
                state.failure = error
                throw error
            }
        }
    }

    private func take(_ object: SmallObject, _ state: inout State) throws {
        if !state.isPacking {
            state.waiting.append(object)
            if state.waiting.count < fewestObjects { return }
            state.isPacking = true
            for waiting in state.waiting { try write(waiting, &state) }
            state.waiting = []
            return
        }
        try write(object, &state)
    }

    private func write(_ object: SmallObject, _ state: inout State) throws {
        if state.writer == nil { state.writer = try PackWriter(at: nextPath(), in: fileSystem) }
        try state.writer?.append(object)
        if let writer = state.writer, writer.byteCount >= PackFormat.fullPackBytes { try seal(&state) }
    }

    private func seal(_ state: inout State) throws {
        guard var writer = state.writer else { return }
        state.sealed.append(try writer.seal(indexAt: nextPath(), in: fileSystem))
        state.writer = nil
    }

    /// What was added: as packs, or, if it was little, as objects that should be loose. Nothing may be added after.
    func finish() throws -> (loose: [SmallObject], packs: [SealedPack]) {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            do {
                try seal(&state)
            } catch {
                state.failure = error
                throw error
            }
            return (state.waiting, state.sealed)
        }
    }

    /// Removes what was written.
    func abandon() {
        let paths = state.withLock { state in
            defer { state = State() }
            return state.sealed.flatMap { [$0.packPath, $0.indexPath] } + (state.writer.map { [$0.path] } ?? [])
        }
        for path in paths { _ = try? fileSystem.removeFile(path) }
    }
}

/// Writes one pack, record after record.
private struct PackWriter {
    let path: AbsolutePath
    private let file: SharedFile
    private var entries: [PackEntry] = []
    private var buffer = PackFormat.packMagic
    private var writtenBytes: UInt64 = 0

    private static let permissions: UInt32 = 0o444

    init(at path: AbsolutePath, in fileSystem: FileSystem) throws {
        self.path = path
        file = SharedFile(try fileSystem.create(path, permissions: Self.permissions))
        buffer.reserveCapacity(OpenFile.pieceBytes + PackFormat.largestObjectBytes + PackRecordHead.byteCount)
    }

    var byteCount: UInt64 { writtenBytes + UInt64(buffer.count) }

    mutating func append(_ object: SmallObject) throws {
        entries.append(
            PackEntry(
                id: object.digest.id, offset: UInt32(byteCount), storedBytes: UInt32(object.stored.count),
                sizeBytes: UInt32(object.digest.sizeBytes), isCompressed: object.isCompressed))
        PackRecordHead(
            digest: object.digest, storedBytes: UInt32(object.stored.count), isCompressed: object.isCompressed
        ).append(to: &buffer)
        buffer += object.stored
        if buffer.count >= OpenFile.pieceBytes { try flush() }
    }

    private mutating func flush() throws {
        try file.file.write(buffer)
        writtenBytes += UInt64(buffer.count)
        buffer.removeAll(keepingCapacity: true)
    }

    mutating func seal(indexAt indexPath: AbsolutePath, in fileSystem: FileSystem) throws -> SealedPack {
        try flush()
        let index = PackIndex(entries, packBytes: writtenBytes)
        let indexFile = SharedFile(try fileSystem.create(indexPath, permissions: Self.permissions))
        do {
            try indexFile.file.write(index.bytes)
        } catch {
            _ = try? fileSystem.removeFile(indexPath)
            throw error
        }
        return SealedPack(name: index.name, pack: file, index: indexFile, packPath: path, indexPath: indexPath)
    }
}
