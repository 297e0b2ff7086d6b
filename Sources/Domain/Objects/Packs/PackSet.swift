import Files
import Synchronization

/// The packs of a store, as this process knows them: loaded when first asked, looked at again when an object is missed.
///
/// Safe for all threads. A pack that another process has removed meanwhile shows when it is opened; whoever meets that
/// looks again.
final class PackSet: Sendable {
    let folder: AbsolutePath
    private let fileSystem: FileSystem
    private let state = Mutex(State())

    private struct State {
        var packs: [Pack] = []
        var listing: Listing?
        var files: [PackName: SharedFile] = [:]
        /// Packs that this process has told others it needs.
        var held: Set<PackName> = []
    }

    private struct Listing {
        /// Of the folder; nil if it was not there.
        let modifiedNanoseconds: Int64?
        let takenNanoseconds: Int64
    }

    /// How hard to look.
    enum Look: Sendable {
        /// Only what was listed already, without asking the file system: for a miss that does no harm.
        case listed
        /// Packs that appeared since are noticed where the folder's time of change tells.
        case known
        case fresh
    }

    struct Location: Sendable {
        let pack: Pack
        let entry: PackEntry
    }

    init(folder: AbsolutePath, fileSystem: FileSystem) {
        self.folder = folder
        self.fileSystem = fileSystem
    }

    /// Where the object lies: more than once only if something went wrong between two writers.
    func locations(of id: ObjectID, _ look: Look) throws -> [Location] {
        try state.withLock { state in
            if look != .fresh, state.listing != nil {
                let found = Self.locations(of: id, in: state.packs)
                if !found.isEmpty || look == .listed { return found }
                if try !isOutdated(state.listing) { return [] }
            }
            try refresh(&state)
            return Self.locations(of: id, in: state.packs)
        }
    }

    private static func locations(of id: ObjectID, in packs: [Pack]) -> [Location] {
        var found: [Location] = []
        for pack in packs {
            if let entry = pack.index.entry(for: id) { found.append(Location(pack: pack, entry: entry)) }
        }
        return found
    }

    /// All packs that are there now.
    func all() throws -> [Pack] {
        try state.withLock { state in
            try refresh(&state)
            return state.packs
        }
    }

    /// Keeps a number of files open, so that one pack is not opened for each of its objects.
    func file(of pack: Pack) throws(FileError) -> SharedFile {
        if let file = state.withLock({ $0.files[pack.name] }) { return file }
        let file = try pack.open()
        state.withLock { state in
            if state.files.count >= Self.openFiles { state.files = [:] }
            state.files[pack.name] = file
        }
        return file
    }

    private static let openFiles = 64

    /// What was known is forgotten, because this process has changed the folder.
    func forget() {
        state.withLock { state in
            state.listing = nil
            state.files = [:]
            state.packs = []
        }
    }

    func isHeld(_ name: PackName) -> Bool { state.withLock { $0.held.contains(name) } }

    func noteHeld(_ name: PackName) { _ = state.withLock { $0.held.insert(name) } }

    // MARK: Listing

    private func isOutdated(_ listing: Listing?) throws -> Bool {
        guard let listing else { return true }
        let modified = try fileSystem.status(of: folder)?.modifiedNanoseconds
        guard modified == listing.modifiedNanoseconds else { return true }
        // Two changes within one step of the clock leave the same time.
        guard let modified else { return false }
        let step: Int64 = modified % 1_000_000_000 == 0 ? 2_000_000_000 : 20_000_000
        return listing.takenNanoseconds < modified + step
    }

    private func refresh(_ state: inout State) throws {
        let taken = FileSystem.nowNanoseconds()
        guard let modified = try fileSystem.status(of: folder)?.modifiedNanoseconds else {
            state.packs = []
            state.listing = Listing(modifiedNanoseconds: nil, takenNanoseconds: taken)
            return
        }
        let known = Dictionary(state.packs.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var packs: [Pack] = []
        for file in try fileSystem.openFolder(folder).names() {
            guard let name = PackName(file, suffix: PackFormat.packSuffix) else { continue }
            if let pack = try known[name] ?? Pack(name, in: folder, fileSystem) { packs.append(pack) }
        }
        state.packs = packs
        state.files = state.files.filter { known[$0.key] != nil }
        state.listing = Listing(modifiedNanoseconds: modified, takenNanoseconds: taken)
    }
}
