import Files
import Hashing

extension ObjectStore {
    // MARK: Reading

    enum PackedContent {
        case absent
        /// Its XXH3 is the object's id.
        case whole([UInt8])
        /// In every pack that has it.
        case damaged(Damage)
    }

    /// What the packs hold of an object.
    func packedContent(_ id: ObjectID, _ look: PackSet.Look, strictly: Bool) throws -> PackedContent {
        var damage: Damage?
        var look = look
        for _ in 0..<Self.looks {
            var isGone = false
            for location in try packs.locations(of: id, look) {
                do throws(FileError) {
                    let content = try read(location, strictly)
                    switch content {
                    case .whole(let bytes): return .whole(bytes)
                    case .damaged(let found): damage = found
                    }
                } catch {
                    // It was compacted meanwhile: what it held is in another pack.
                    if error.reason != .notFound { throw error }
                    isGone = true
                }
            }
            if !isGone { break }
            look = .fresh
        }
        return damage.map { .damaged($0) } ?? .absent
    }

    /// A pack can vanish between being listed and being opened, but hardly twice in a row.
    private static let looks = 3

    private func read(_ location: PackSet.Location, _ strictly: Bool) throws(FileError) -> Pack.Content {
        let (pack, entry) = (location.pack, location.entry)
        let file = try packs.file(of: pack)
        if strictly { return try pack.checkedRecord(entry, from: file.file).0 }
        return try pack.content(of: entry, from: file.file)
    }

    /// Whether a whole copy of the object is somewhere else than in this pack.
    func isWhole(_ id: ObjectID, elsewhereThan pack: Pack) throws -> Bool {
        for location in try packs.locations(of: id, .fresh) where location.pack.name != pack.name {
            if case .whole = try read(location, true) { return true }
        }
        var isWhole = false
        _ = try withLooseObject(id) { file, isCompressed in
            if case .whole = try inspect(id, file, isCompressed) { isWhole = true }
        }
        return isWhole
    }

    // MARK: Holding

    /// Says to collections of garbage that this process needs the object's pack; false if no pack has it.
    func holdPacked(_ digest: Digest) throws -> Bool {
        var look = PackSet.Look.known
        for _ in 0..<Self.looks {
            let locations = try packs.locations(of: digest.id, look)
            for location in locations where UInt64(location.entry.sizeBytes) == digest.sizeBytes {
                if try hold(location.pack) { return true }
            }
            if locations.isEmpty { return false }
            look = .fresh
        }
        return false
    }

    /// The file beside the pack is touched first, and the pack looked for then: a collection that sets the pack aside
    /// looks at that file afterwards. False if the pack is gone.
    private func hold(_ pack: Pack) throws -> Bool {
        if packs.isHeld(pack.name) { return true }
        _ = try lease()
        let mark = paths.held(pack.name)
        var isTouched = false
        do throws(FileError) {
            isTouched = try fileSystem.touch(mark)
        } catch {
            // Another user's: a new one takes its place.
            if error.reason != .denied { throw error }
        }
        if !isTouched {
            let unfinished = try unfinishedPath()
            try fileSystem.create(unfinished, permissions: 0o666).close()
            try fileSystem.rename(unfinished, to: mark)
        }
        // The mark of a pack that is gone stays until a collection: another process may have seen the pack beside it.
        if try fileSystem.status(of: pack.path) == nil { return false }
        // Whoever wrote it may not have come to flushing its name yet, and what is built on it must not survive it.
        let age = FileSystem.nowNanoseconds() - pack.status.modifiedNanoseconds
        if age < Self.longestPublishingNanoseconds { try fileSystem.synchroniseFolder(paths.packs) }
        packs.noteHeld(pack.name)
        return true
    }

    private static let longestPublishingNanoseconds: Int64 = 600_000_000_000

    // MARK: Writing

    /// Makes packs durable, then visible, then their names durable.
    func publish(_ sealed: [SealedPack]) throws {
        if sealed.isEmpty { return }
        for pack in sealed {
            try pack.pack.file.synchronise()
            try pack.index.file.synchronise()
        }
        try upgradeVersion()
        if try fileSystem.makeFolder(paths.packs) { try fileSystem.synchroniseFolder(folder) }
        // The pack is what readers look for, so it comes last. Whatever another process has made of the same objects is
        // replaced by the same bytes.
        for pack in sealed {
            try fileSystem.rename(pack.indexPath, to: paths.packIndex(pack.name))
            try fileSystem.rename(pack.packPath, to: paths.pack(pack.name))
        }
        try fileSystem.synchroniseFolder(paths.packs)
        packs.forget()
    }

    /// Writes indexes again that were damaged and could be made again whole from their packs.
    func mendIndexes() throws -> [AbsolutePath] {
        var mended: [AbsolutePath] = []
        for pack in try packs.all() where pack.indexState == .remade {
            try fileSystem.writeAtomically(pack.index.bytes, to: paths.packIndex(pack.name), permissions: 0o444)
            mended.append(paths.packIndex(pack.name))
        }
        if !mended.isEmpty { packs.forget() }
        return mended
    }
}
