package import Files
import Hashing
import Synchronization

/// The content-addressed store: every object of a project, or of several, in one folder. docs/formats/object-store.md.
///
/// Objects come in by `put`, alone or in a batch; they are durable, and visible, when that returns. They go out verified
/// by `read`, `forEachPiece` and `materialise`. Safe for several threads and several processes at once. Nothing outside
/// this module knows a path in the store.
package final class ObjectStore: Sendable {
    package static let version = 2

    package let folder: AbsolutePath
    package let compresses: Bool
    /// Whether small objects are written into packs; they are read from there always.
    package let packsSmall: Bool
    let fileSystem: FileSystem
    let paths: StorePaths
    let packs: PackSet
    /// The project that opened it; nil if none did.
    private let user: AbsolutePath?
    /// Ways to link that the file system has refused: it is asked once. A store is opened for one project, and so for
    /// one file system but for what links lead to; there, copying is right too.
    let refusedLinks = Mutex<[LinkKind: LinkRefusal]>([:])
    private let ownLease = Mutex<StoreLease?>(nil)

    private init(
        folder: AbsolutePath, compresses: Bool, packsSmall: Bool, user: AbsolutePath?, fileSystem: FileSystem
    ) {
        self.user = user
        self.folder = folder
        self.compresses = compresses
        self.packsSmall = packsSmall
        self.fileSystem = fileSystem
        paths = StorePaths(folder: folder)
        packs = PackSet(folder: paths.packs, fileSystem: fileSystem)
    }

    /// Opens the store at `folder`, whose version must be one that we read. `user`: the root of the project that will
    /// refer to its objects.
    package static func open(
        at folder: AbsolutePath, compresses: Bool = true, packsSmall: Bool = true, user: AbsolutePath? = nil,
        in fileSystem: FileSystem = .real
    ) throws -> ObjectStore {
        guard let text = try fileSystem.readIfPresent(folder.appending(versionFile)) else {
            throw ObjectError.noStore(folder)
        }
        guard let found = parseVersion(text) else {
            throw ObjectError.unreadableVersion(folder.appending(versionFile))
        }
        if found > version { throw ObjectError.newerStore(folder, version: found) }
        let store = ObjectStore(
            folder: folder, compresses: compresses, packsSmall: packsSmall, user: user,
            fileSystem: try fileSystem.sharing(with: folder))
        try store.recoverSetAside()
        return store
    }

    /// Opens the store at `folder`. If there is none, it is as an empty one, and is made by the first write, in a folder
    /// that is absent or empty: whoever only looks changes nothing.
    package static func openOrCreate(
        at folder: AbsolutePath, compresses: Bool = true, packsSmall: Bool = true, user: AbsolutePath? = nil,
        in fileSystem: FileSystem = .real
    ) throws -> ObjectStore {
        do {
            return try open(at: folder, compresses: compresses, packsSmall: packsSmall, user: user, in: fileSystem)
        } catch ObjectError.noStore {
            return ObjectStore(
                folder: folder, compresses: compresses, packsSmall: packsSmall, user: user,
                fileSystem: try fileSystem.sharing(with: folder))
        }
    }

    private static func create(at folder: AbsolutePath, in fileSystem: FileSystem) throws {
        try fileSystem.makeFolders(folder)
        let unfinished = Array(FileSystem.temporaryNamePrefix.utf8)
        let names = try fileSystem.openFolder(folder).names().filter { !$0.starts(with: unfinished) }
        // Another process may have made it just now.
        if !names.isEmpty, try fileSystem.status(of: folder.appending(versionFile)) == nil {
            throw ObjectError.notAStore(folder)
        }
        try fileSystem.writeAtomically(Array("\(versionPrefix)\(version)\n".utf8), to: folder.appending(versionFile))
    }

    /// To be called before the first thing is written that an earlier program would not find.
    func upgradeVersion() throws {
        let path = folder.appending(Self.versionFile)
        guard let found = Self.parseVersion(try fileSystem.read(path)), found < Self.version else { return }
        try fileSystem.writeAtomically(Array("\(Self.versionPrefix)\(Self.version)\n".utf8), to: path)
    }

    private static let versionFile = "version"
    private static let versionPrefix = "repro object store "

    private static func parseVersion(_ text: [UInt8]) -> Int? {
        let text = String(decoding: text, as: UTF8.self)
        guard text.hasPrefix(versionPrefix), text.hasSuffix("\n"),
            let found = Int(text.dropFirst(versionPrefix.count).dropLast()), found > 0
        else { return nil }
        return found
    }

    /// Writes the version of a store again, whose file is damaged: what we do not know of other versions we do not write.
    package static func mendVersion(_ file: AbsolutePath, in fileSystem: FileSystem = .real) throws {
        let folder = file.parent ?? .fileSystemRoot
        let names = try fileSystem.openFolder(folder).names()
        guard names.contains(where: { $0.elementsEqual("objects".utf8) || $0.elementsEqual("packs".utf8) }) else {
            throw ObjectError.notAStore(folder)
        }
        try fileSystem.sharing(with: folder)
            .writeAtomically(Array("\(versionPrefix)\(version)\n".utf8), to: file)
    }

    // MARK: Putting

    /// Stores `bytes`; durable on return. If they are there already, that object is verified, and healed if damaged.
    @discardableResult
    package func put(_ bytes: [UInt8]) throws -> Digest { try withBatch { try $0.put(bytes) } }

    /// Stores what the file holds, read once; durable on return. A symbolic link is followed.
    @discardableResult
    package func put(file: AbsolutePath) throws -> Digest { try withBatch { try $0.put(file: file) } }

    /// Stores what the files hold, one after the other, as one object; durable on return.
    @discardableResult
    package func put(joining files: [AbsolutePath]) throws -> Digest { try withBatch { try $0.put(joining: files) } }

    /// Stores all that `body` puts into the batch, or nothing if it throws. Durable, and visible, on return.
    ///
    /// Many objects cost few flushes this way. Several threads may put into one batch.
    package func withBatch<Result>(_ body: (ObjectBatch) throws -> Result) throws -> Result {
        let batch = ObjectBatch(store: self)
        do {
            let result = try body(batch)
            try batch.commit()
            return result
        } catch {
            batch.abandon()
            throw error
        }
    }

    // MARK: Asking

    /// Whether the object is there, by name and, as far as that is known without reading, by size.
    package func contains(_ digest: Digest) throws -> Bool {
        for location in try packs.locations(of: digest.id, .known) {
            if UInt64(location.entry.sizeBytes) == digest.sizeBytes { return true }
        }
        if let status = try fileSystem.status(of: paths.plain(digest.id)) {
            return status.sizeBytes == digest.sizeBytes
        }
        return try fileSystem.status(of: paths.compressed(digest.id)) != nil
    }

    /// Whether a symbolic link that says `target` leads to an object of this store, and to which.
    package func object(linkedBy target: [UInt8]) -> ObjectID? { paths.object(at: target) }

    /// Whether the folder is a store already.
    package func exists() throws -> Bool { try fileSystem.status(of: folder.appending(Self.versionFile)) != nil }

    /// A path for an unfinished object, in this process's own folder.
    func unfinishedPath() throws -> AbsolutePath { try lease().scratch.nextPath() }

    /// This process's lease, taken if it has none; waits while garbage is being collected.
    func lease() throws -> StoreLease {
        try ownLease.withLock { ownLease in
            if let ownLease { return ownLease }
            if try !exists() { try Self.create(at: folder, in: fileSystem) }
            let gate = try FileLock.acquire(
                paths.gate, sharing: .shared, timeout: Self.collectionTimeout, in: fileSystem)
            defer { withExtendedLifetime(gate) {} }
            for place in [folder, paths.packs, paths.projects] {
                (try? fileSystem.openFolder(place))?.removeAbandoned()
            }
            if let user { try register(user) }
            let scratch = try ScratchFolder(in: paths.incoming, fileSystem: fileSystem)
            let made = StoreLease(scratch: scratch, startNanoseconds: try scratch.startNanoseconds())
            ownLease = made
            return made
        }
    }

    /// A collection of garbage takes seconds.
    private static let collectionTimeout = Duration.seconds(600)
}
