import Files

/// The right to take objects out of a store: nobody begins work in it meanwhile, while those at work go on.
///
/// ```
///   lock the gate ─► see who is at work ─► the caller says what is alive ─► plan
///     ─► set aside (rename into trash/) ─► put back what was held meanwhile ─► remove ─► unlock
/// ```
/// A process at work holds what it needs by touching it (of a pack, the mark beside it). If it does so before the file
/// is set aside, the new time shows, and it is put back; if after, it finds nothing there and stores the content anew.
/// Killed at any point, whoever opens the store next puts back all that was set aside.
///
/// A pack of which a part is garbage is written again without it, if that part is worth it, and what lies about in many
/// small packs and files is brought together: `GarbageCollection+Packs`.
package final class GarbageCollection: Sendable {
    let store: ObjectStore
    private let gate: FileLock
    /// When the oldest process began that is at work now; nil if none is.
    private let workSince: Int64?

    /// Clocks that stamp files are set now and then.
    private static let clockSlackNanoseconds: Int64 = 60_000_000_000
    private static let gateTimeout = Duration.seconds(60)

    /// Waits for processes that are just beginning work. The store exists.
    package init(of store: ObjectStore) throws {
        try store.recoverSetAside()
        self.store = store
        gate = try FileLock.acquire(store.paths.gate, timeout: Self.gateTimeout, in: store.fileSystem)
        workSince = try ScratchFolder.startsOfLiving(in: store.paths.incoming, fileSystem: store.fileSystem).min()
    }

    /// Whether a process is at work, which may need what the run cache names.
    package var isStoreInUse: Bool { workSince != nil }

    /// Whether a process that is at work may need the object, whatever refers to it.
    package func isInUse(_ object: StoredObject) -> Bool { isInUse(since: object.lastUsedNanoseconds) }

    func isInUse(since lastUsed: Int64) -> Bool {
        guard let workSince else { return false }
        return lastUsed >= workSince - Self.clockSlackNanoseconds
    }

    /// Removes the objects, of which none is alive. Answers those that are gone: the others were needed meanwhile, or
    /// are in packs where they take too little to be worth writing the pack again.
    package func remove(_ objects: [StoredObject]) throws -> [StoredObject] {
        if objects.isEmpty { return [] }
        var byPack: [PackName: [StoredObject]] = [:]
        var loose: [SetAside] = []
        for object in objects {
            switch object.place {
            case .packed(let name): byPack[name, default: []].append(object)
            case .loose(let isCompressed): loose.append(SetAside(object, isCompressed, store.paths))
            }
        }
        let goneLoose = Set(try removeFiles(loose).map(\.id))
        var gone = objects.filter { object in
            if case .loose = object.place { goneLoose.contains(object.id) } else { false }
        }
        gone += try removePacked(byPack)
        return gone
    }

    /// Those of the objects, of which none is alive, that `remove` would remove.
    package func removable(_ objects: [StoredObject]) throws -> [StoredObject] {
        var dead: [PackName: Set<ObjectID>] = [:]
        for object in objects {
            if case .packed(let name) = object.place { dead[name, default: []].insert(object.id) }
        }
        let worthIt = Set(
            try store.packs.all().filter { isWorthRewriting($0, without: dead[$0.name] ?? []) }.map(\.name))
        return objects.filter { object in
            if case .packed(let name) = object.place { worthIt.contains(name) } else { true }
        }
    }

    /// A file of an object of its own, on its way out.
    struct SetAside {
        let id: ObjectID
        let home: AbsolutePath
        let place: AbsolutePath
        let modifiedNanoseconds: Int64

        init(_ object: StoredObject, _ isCompressed: Bool, _ paths: StorePaths) {
            id = object.id
            home = paths.loose(object.id, isCompressed: isCompressed)
            place = paths.setAside(object.id, isCompressed: isCompressed)
            modifiedNanoseconds = object.modifiedNanoseconds
        }
    }

    /// Answers those that are gone.
    func removeFiles(_ objects: [SetAside]) throws -> [SetAside] {
        if objects.isEmpty { return [] }
        let (files, paths) = (store.fileSystem, store.paths)
        try files.makeFolders(paths.trash)
        var setAside: [SetAside] = []
        for object in objects {
            do throws(FileError) {
                try files.rename(object.home, to: object.place)
            } catch {
                if error.reason == .notFound { continue }
                throw error
            }
            let isHeld = try files.status(of: object.place)?.modifiedNanoseconds != object.modifiedNanoseconds
            if isHeld {
                // Over what was stored anew meanwhile: the same content.
                try files.rename(object.place, to: object.home)
            } else {
                setAside.append(object)
            }
        }
        for object in setAside { try files.removeFile(object.place) }
        try files.removeEmptyFolder(paths.trash)
        return setAside
    }
}
