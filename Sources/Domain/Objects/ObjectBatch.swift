package import Files
import Hashing
import Synchronization
import Zstd

/// Objects on their way into the store: written, but neither durable nor visible before the batch is committed.
package final class ObjectBatch: Sendable {
    let store: ObjectStore
    /// Those that become files of their own.
    private let staged = Mutex<[ObjectID: StagedObject]>([:])
    /// Those that become part of a pack.
    private let sink: PackSink

    init(store: ObjectStore) {
        self.store = store
        sink = PackSink(in: store.fileSystem) { try store.unfinishedPath() }
    }

    @discardableResult
    package func put(_ bytes: [UInt8]) throws -> Digest {
        let digest = Digest(of: bytes)
        try put(bytes, hashedTo: digest)
        return digest
    }

    /// The same for bytes that the caller has just hashed, with this result.
    package func put(_ bytes: [UInt8], hashedTo digest: Digest) throws {
        switch try need(for: digest) {
        case .nothing: break
        case .store(let heals):
            let object = SmallObject(bytes, digest, compresses: store.compresses)
            // What heals must be found before the damaged one: as a file of its own it is, whatever packs hold.
            if store.packsSmall, !heals, bytes.count <= PackFormat.largestObjectBytes {
                try sink.add(object)
            } else {
                try stage(object, heals: heals)
            }
        }
    }

    /// The digest is of the bytes that were stored, whatever happens to the file meanwhile.
    @discardableResult
    package func put(file: AbsolutePath) throws -> Digest {
        let source = try store.fileSystem.open(file)
        let status = try source.status()
        if status.kind == .folder { throw FileError(.read, file, .isAFolder) }
        return try put(source, expectedBytes: status.sizeBytes)
    }

    /// The same for a file that is open, read from its start; `expectedBytes` decides how, and need not be true.
    /// `advanced` hears, of a large one, how many bytes more were read.
    package func put(
        _ source: borrowing OpenFile, expectedBytes: UInt64, _ advanced: (Int) -> Void = { _ in }
    ) throws -> Digest {
        if expectedBytes <= Self.smallFileBytes { return try put(source.readAll(expectedBytes: expectedBytes)) }
        return try putLarge(source, advanced)
    }

    /// The contents of several files, one after the other, as one object.
    @discardableResult
    package func put(joining files: [AbsolutePath]) throws -> Digest {
        var total: UInt64 = 0
        for file in files { total += try store.fileSystem.statusFollowingLinks(of: file)?.sizeBytes ?? 0 }
        if total <= Self.smallFileBytes { return try put(files.flatMap { try store.fileSystem.read($0) }) }
        return try putLarge(joining: files)
    }

    /// Takes over a file that nobody else uses, as the object `digest`: moved where that is possible, else copied.
    /// Throws, and leaves the file, if its content is another.
    package func adopt(_ file: AbsolutePath, as digest: Digest) throws {
        guard try Self.digest(of: store.fileSystem.open(file)) == digest else {
            throw ObjectError.damaged(digest.id, .otherContent)
        }
        try adopt(file, hashedTo: digest)
    }

    /// The same for a file that the caller hashed while it was written, with this result.
    package func adopt(_ file: AbsolutePath, hashedTo digest: Digest) throws {
        switch try need(for: digest) {
        case .nothing: try store.fileSystem.removeFile(file)
        case .store(let heals):
            let path = try store.unfinishedPath()
            do throws(FileError) {
                try store.fileSystem.rename(file, to: path)
            } catch {
                guard error.reason == .otherFileSystem else { throw error }
                try put(file: file)
                try store.fileSystem.removeFile(file)
                return
            }
            try store.fileSystem.setPermissions(path, Self.objectPermissions)
            keep(StagedObject(path: path, digest: digest, isCompressed: false, heals: heals))
        }
    }

    private static func digest(of file: borrowing OpenFile) throws -> Digest {
        let digests = DigestBuilder()
        try file.forEachPiece { digests.update($0) }
        return Digest(digests.finish())
    }

    /// Up to this size a file is read into memory, and written only if the store lacks it.
    private static let smallFileBytes: UInt64 = 1 << 20

    // MARK: Staging

    enum Need {
        case nothing
        /// `heals`: a damaged one is there, whose place the new one takes.
        case store(heals: Bool)
    }

    /// What lies in the store is looked at by names before the first thousand misses; then these are listed, once. An
    /// object that another process stores meanwhile is then stored twice, which is harmless.
    private func isCertainlyAbsent(_ id: ObjectID) throws -> Bool {
        if try !store.packs.locations(of: id, .listed).isEmpty { return false }
        return try looseNames.withLock { known in
            if let ids = known.ids { return !ids.contains(id) }
            known.misses += 1
            if known.misses < Self.missesBeforeListing { return false }
            known.ids = Set(try store.looseIDs())
            return false
        }
    }

    private struct LooseNames {
        var misses = 0
        var ids: Set<ObjectID>?
    }

    private let looseNames = Mutex(LooseNames())
    private static let missesBeforeListing = 1000

    func need(for digest: Digest) throws -> Need {
        if let known = sink.sha256(of: digest.id) ?? staged.withLock({ $0[digest.id]?.digest.sha256 }) {
            try checkCollision(digest, stored: known)
            return .nothing
        }
        if try isCertainlyAbsent(digest.id) { return .store(heals: false) }
        switch try store.inspect(digest.id) {
        case .absent: return .store(heals: false)
        case .damaged: return .store(heals: true)
        case .whole(let stored):
            try checkCollision(digest, stored: stored.sha256)
            // One that is just being collected, or cannot be held, is stored anew. Where there are several, it may be any
            // that is whole.
            let (isPacked, isLoose) = (try store.holdPacked(digest), try store.holdLoose(digest))
            return isPacked || isLoose ? .nothing : .store(heals: true)
        }
    }

    private func checkCollision(_ digest: Digest, stored: SHA256Digest) throws {
        if stored != digest.sha256 {
            throw ObjectError.collision(digest.id, stored: stored.description, new: digest.sha256.description)
        }
    }

    private func stage(_ object: SmallObject, heals: Bool) throws {
        let path = try store.unfinishedPath()
        let file = try store.fileSystem.create(path, permissions: Self.objectPermissions)
        try file.write(object.stored)
        try file.close()
        keep(StagedObject(path: path, digest: object.digest, isCompressed: object.isCompressed, heals: heals))
    }

    static let objectPermissions: UInt32 = 0o444

    func keep(_ object: StagedObject) {
        let former = staged.withLock { $0.updateValue(object, forKey: object.digest.id) }
        // Two threads staged the same content; one copy is enough.
        if let former { _ = try? store.fileSystem.removeFile(former.path) }
    }

    // MARK: Ending

    /// Makes all staged objects durable, then visible, then their names durable.
    func commit() throws {
        let (few, packs) = try sink.finish()
        for object in few { try stage(object, heals: false) }
        let objects = staged.withLock { staged in
            defer { staged = [:] }
            return staged.values.sorted { $0.digest.id < $1.digest.id }
        }
        do {
            try store.publish(packs)
            if objects.isEmpty { return }
            try synchronise(objects)
            try publish(objects)
        } catch {
            sink.abandon()
            for object in objects { _ = try? store.fileSystem.removeFile(object.path) }
            throw error
        }
    }

    func abandon() {
        sink.abandon()
        let objects = staged.withLock { staged in
            defer { staged = [:] }
            return Array(staged.values)
        }
        for object in objects { _ = try? store.fileSystem.removeFile(object.path) }
    }

    private func synchronise(_ objects: [StagedObject]) throws {
        if objects.count > Self.separateFlushes {
            try store.fileSystem.synchroniseFileSystem(holding: store.paths.incoming)
        } else {
            for object in objects { try store.fileSystem.open(object.path).synchronise() }
        }
    }

    /// Up to here each file is flushed alone; beyond, the whole file system at once, which also flushes what others wrote.
    private static let separateFlushes = 16

    private func publish(_ objects: [StagedObject]) throws {
        let (files, paths) = (store.fileSystem, store.paths)
        var fanOuts: Set<AbsolutePath> = []
        var hasNewFolder = try files.makeFolder(paths.objects)
        if hasNewFolder { try files.synchroniseFolder(store.folder) }
        for object in objects {
            let fanOut = paths.fanOut(object.digest.id)
            if fanOuts.insert(fanOut).inserted, try files.makeFolder(fanOut) { hasNewFolder = true }
            let (plain, compressed) = (paths.plain(object.digest.id), paths.compressed(object.digest.id))
            try files.rename(object.path, to: object.isCompressed ? compressed : plain)
            // What was damaged may have had the other form.
            if object.heals { try files.removeFile(object.isCompressed ? plain : compressed) }
        }
        for fanOut in fanOuts { try files.synchroniseFolder(fanOut) }
        if hasNewFolder { try files.synchroniseFolder(paths.objects) }
    }
}

extension SmallObject {
    /// Compressed if that is allowed and worth it.
    fileprivate init(_ bytes: [UInt8], _ digest: Digest, compresses: Bool) {
        let frame = compresses && Compressibility.isWorthwhile(bytes) ? ZstdCompressor.compress(bytes) : nil
        self.init(digest: digest, stored: frame ?? bytes, isCompressed: frame != nil)
    }
}

/// An object that is written, in `incoming/`.
struct StagedObject: Sendable {
    let path: AbsolutePath
    let digest: Digest
    let isCompressed: Bool
    let heals: Bool
}
