import Files

/// What tells `GarbageCollection` that a process is at work in the store, and since when.
///
/// A process takes its lease before it looks whether an object is there, and loses it when it dies, however it dies: the
/// lease is the lock of its scratch folder in `incoming/`. While it lives, no object is collected that was written or
/// held since the lease began.
struct StoreLease: Sendable {
    let scratch: ScratchFolder
    /// By the clock that stamps files.
    let startNanoseconds: Int64
}

extension ObjectStore {
    /// Takes this process's lease, if the store exists; waits while garbage is being collected. For work that will refer
    /// to objects of the run cache.
    package func beginWork() throws {
        if try exists() { _ = try lease() }
    }

    /// Whether the object is there, by name and size; if it is, it stays as long as this process lives.
    ///
    /// What is about to be recorded must be held, not only looked at: nothing else may refer to it yet.
    package func hold(_ digest: Digest) throws -> Bool {
        if try holdPacked(digest) { return true }
        return try exists() && holdLoose(digest)
    }

    /// The same for the file of its own that an object may have, in a pack or not.
    func holdLoose(_ digest: Digest) throws -> Bool {
        let since = try lease().startNanoseconds
        for (path, isCompressed) in [(paths.plain(digest.id), false), (paths.compressed(digest.id), true)] {
            guard let status = try fileSystem.status(of: path) else { continue }
            if !isCompressed, status.sizeBytes != digest.sizeBytes { return false }
            if status.modifiedNanoseconds >= since { return true }
            do throws(FileError) {
                return try fileSystem.touch(path)
            } catch {
                // Another user's file: the caller stores the content anew, which puts ours in its place.
                if error.reason == .denied { return false }
                throw error
            }
        }
        return false
    }

    /// Whether the pack is in its place, or set aside.
    private func isThere(_ pack: PackName) throws -> Bool {
        let aside = paths.trash.appending("\(pack)\(PackFormat.packSuffix)")
        return try fileSystem.status(of: paths.pack(pack)) != nil || fileSystem.status(of: aside) != nil
    }

    /// Puts back what a collection that was killed had set aside: it may have been held meanwhile.
    func recoverSetAside() throws {
        guard try fileSystem.status(of: paths.trash) != nil else { return }
        // Whoever has the gate is collecting, and looks after it.
        guard let gate = try FileLock.tryAcquire(paths.gate, sharing: .shared, in: fileSystem) else { return }
        try withExtendedLifetime(gate) {
            for name in try fileSystem.openFolder(paths.trash).names() {
                let source = paths.trash.appending(RelativePath(unchecked: name))
                guard let target = paths.place(ofSetAside: name) else { continue }
                if let pack = PackName(name, suffix: PackFormat.indexSuffix), try !isThere(pack) {
                    try fileSystem.removeFile(source)
                    continue
                }
                if let fanOut = target.parent { try fileSystem.makeFolders(fanOut) }
                // Over what was stored anew meanwhile: the same content.
                do throws(FileError) {
                    try fileSystem.rename(source, to: target)
                } catch {
                    // Put back by another.
                    if error.reason != .notFound { throw error }
                }
            }
            try fileSystem.removeEmptyFolder(paths.trash)
        }
    }
}
