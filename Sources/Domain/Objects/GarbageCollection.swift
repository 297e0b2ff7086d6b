import Files

/// The right to take objects out of a store: nobody begins work in it meanwhile, while those at work go on.
///
/// ```
///   lock the gate ─► see who is at work ─► the caller says what is alive ─► plan
///     ─► set aside (rename into trash/) ─► put back what was held meanwhile ─► remove ─► unlock
/// ```
/// A process at work holds what it needs by touching it. If it does so before an object is set aside, the object's new
/// time shows, and it is put back; if after, it finds nothing there and stores the content anew. Killed at any point,
/// whoever opens the store next puts back all that was set aside.
package final class GarbageCollection: Sendable {
    private let store: ObjectStore
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
    package func isInUse(_ object: StoredObject) -> Bool {
        guard let workSince else { return false }
        return object.modifiedNanoseconds >= workSince - Self.clockSlackNanoseconds
    }

    /// Removes the objects, of which none is alive. Answers those that are gone: the others were needed meanwhile.
    package func remove(_ objects: [StoredObject]) throws -> [StoredObject] {
        if objects.isEmpty { return [] }
        let (files, paths) = (store.fileSystem, store.paths)
        try files.makeFolders(paths.trash)
        var setAside: [(object: StoredObject, place: AbsolutePath)] = []
        for object in objects {
            let (home, place) = (paths.home(of: object), paths.setAside(object))
            do throws(FileError) {
                try files.rename(home, to: place)
            } catch {
                if error.reason == .notFound { continue }
                throw error
            }
            let isHeld = try files.status(of: place)?.modifiedNanoseconds != object.modifiedNanoseconds
            if isHeld {
                // Over what was stored anew meanwhile: the same content.
                try files.rename(place, to: home)
            } else {
                setAside.append((object, place))
            }
        }
        for (_, place) in setAside { try files.removeFile(place) }
        try files.removeEmptyFolder(paths.trash)
        return setAside.map(\.object)
    }
}
