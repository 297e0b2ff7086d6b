import Files
import Zstd

/// Taking packs out of a store, writing them again without what is garbage, and bringing small ones together.
///
/// New packs are durable and in their place before an old one is set aside, so every object is readable at every moment;
/// killed in between, objects are there twice, which the next collection mends.
extension GarbageCollection {
    /// By pack: what is not alive in it. Answers what is gone.
    func removePacked(_ dead: [PackName: [StoredObject]]) throws -> [StoredObject] {
        if dead.isEmpty { return [] }
        var gone: [StoredObject] = []
        for pack in try store.packs.all() {
            guard let objects = dead[pack.name] else { continue }
            let ids = Set(objects.map(\.id))
            guard isWorthRewriting(pack, without: ids) else { continue }
            if ids.count == pack.index.count ? try remove(pack) : try rewrite([pack], without: ids) { gone += objects }
        }
        return gone
    }

    /// Whether a quarter of the pack or more would be free.
    func isWorthRewriting(_ pack: Pack, without dead: Set<ObjectID>) -> Bool {
        if dead.count == pack.index.count { return true }
        let deadBytes = pack.index.entries.reduce(0) { dead.contains($1.id) ? $0 + $1.recordBytes : $0 }
        return deadBytes * 4 >= pack.status.sizeBytes
    }

    /// What bringing together has done.
    package struct Compaction: Sendable, Equatable {
        package var packCount = 0
        package var looseCount = 0
    }

    /// Brings together small packs and, if `takesLoose`, small objects in files of their own; all are alive. Nothing
    /// that a process at work may need is moved. `takesLoose` must be false if anyone checks out by links.
    package func compact(takesLoose: Bool) throws -> Compaction {
        var compaction = Compaction()
        let small = try store.packs.all().filter { pack in
            try pack.status.sizeBytes < Self.smallPackBytes && pack.indexState != .partial
                && !isInUse(since: store.lastUse(of: pack))
        }
        var loose: [StoredObject] = []
        if takesLoose {
            loose = try store.looseObjects().filter { object in
                object.storedBytes <= UInt64(PackFormat.largestObjectBytes) && !isInUse(object)
            }
        }
        let packs = small.count >= Self.fewestSmallPacks ? small : []
        if loose.count < Self.fewestLoose { loose = [] }
        try removeLeftovers()
        if packs.isEmpty, loose.isEmpty { return compaction }
        let moved = try bringTogether(packs, without: [], loose)
        compaction.packCount = moved.packs
        compaction.looseCount = moved.loose
        return compaction
    }

    /// Packs up to this size are brought together when there are this many.
    private static var smallPackBytes: UInt64 { PackFormat.fullPackBytes / 8 }
    private static var fewestSmallPacks: Int { 16 }
    private static var fewestLoose: Int { 256 }

    // MARK: Writing again

    /// False if a pack stays, because a process needs it, or because something alive in it is damaged.
    private func rewrite(_ packs: [Pack], without dead: Set<ObjectID>) throws -> Bool {
        try bringTogether(packs, without: dead, []).packs == packs.count
    }

    private func bringTogether(
        _ packs: [Pack], without dead: Set<ObjectID>, _ loose: [StoredObject]
    ) throws -> (packs: Int, loose: Int) {
        // A scratch folder and no lease: that would wait for the gate, which is ours.
        let scratch = try ScratchFolder(in: store.paths.incoming, fileSystem: store.fileSystem)
        let sink = PackSink(in: store.fileSystem, fewestObjects: 1) { scratch.nextPath() }
        var (oldPacks, oldFiles): ([Pack], [SetAside]) = ([], [])
        let written: [SealedPack]
        do {
            for pack in packs {
                guard let entries = try movable(pack, without: dead) else { continue }
                try move(entries, of: pack, to: sink)
                oldPacks.append(pack)
            }
            for object in loose {
                guard case .loose(let isCompressed) = object.place, let small = try smallObject(object, isCompressed)
                else { continue }
                try sink.add(small)
                oldFiles.append(SetAside(object, isCompressed, store.paths))
            }
            written = try sink.finish().packs
            try store.publish(written)
        } catch {
            sink.abandon()
            throw error
        }
        // One that came out as it was has taken its own place.
        let newNames = Set(written.map(\.name))
        let removed = try oldPacks.filter { try !newNames.contains($0.name) && remove($0) }
        return (removed.count, try removeFiles(oldFiles).count)
    }

    /// The records that are alive, each read and checked; nil if one of them is damaged and nowhere else whole.
    private func movable(_ pack: Pack, without dead: Set<ObjectID>) throws -> [PackEntry]? {
        let file = try pack.open()
        var entries: [PackEntry] = []
        for entry in pack.index.entries.sorted(by: { $0.offset < $1.offset }) where !dead.contains(entry.id) {
            if case .whole = try pack.checkedRecord(entry, from: file.file).0 {
                entries.append(entry)
            } else if try !store.isWhole(entry.id, elsewhereThan: pack) {
                return nil
            }
        }
        return entries
    }

    private func move(_ entries: [PackEntry], of pack: Pack, to sink: PackSink) throws {
        let file = try pack.open()
        for entry in entries {
            guard let head = try pack.checkedRecord(entry, from: file.file).head else {
                throw ObjectError.damaged(entry.id, .badRecord)
            }
            let start = UInt64(entry.offset) + UInt64(PackRecordHead.byteCount)
            let stored = try file.file.read(at: start, count: Int(entry.storedBytes))
            try sink.add(SmallObject(digest: head.digest, stored: stored, isCompressed: entry.isCompressed))
        }
    }

    /// The object as it lies in its file; nil if it is damaged, or gone.
    private func smallObject(_ object: StoredObject, _ isCompressed: Bool) throws -> SmallObject? {
        let path = store.paths.loose(object.id, isCompressed: isCompressed)
        guard let stored = try store.fileSystem.readIfPresent(path) else { return nil }
        let limit = UInt64(PackFormat.largestObjectBytes) * 32
        let content = isCompressed ? try? ZstdDecompressor.decompress(stored, limitBytes: limit) : stored
        guard let content else { return nil }
        let digest = Digest(of: content)
        return digest.id == object.id ? SmallObject(digest: digest, stored: stored, isCompressed: isCompressed) : nil
    }

    // MARK: Removing

    /// Removes marks and indexes without a pack, where no process at work can have made them: marks outlive their packs,
    /// and whoever is killed between its two renames leaves an index.
    private func removeLeftovers() throws {
        let (files, paths) = (store.fileSystem, store.paths)
        guard try files.status(of: paths.packs) != nil else { return }
        let known = Set(try store.packs.all().map(\.name))
        for file in try files.openFolder(paths.packs).names() {
            let name = PackName(file, suffix: PackFormat.heldSuffix) ?? PackName(file, suffix: PackFormat.indexSuffix)
            guard let name, !known.contains(name) else { continue }
            let path = paths.packs.appending(RelativePath(unchecked: file))
            let modified = try files.status(of: path)?.modifiedNanoseconds ?? .min
            if !isInUse(since: modified) { try files.removeFile(path) }
        }
    }

    /// False if a process has said meanwhile that it needs the pack: it is put back.
    private func remove(_ pack: Pack) throws -> Bool {
        let (files, paths) = (store.fileSystem, store.paths)
        let lastUse = try store.lastUse(of: pack)
        if isInUse(since: lastUse) { return false }
        try files.makeFolders(paths.trash)
        let name = "\(pack.name)"
        let packAside = paths.trash.appending(name + PackFormat.packSuffix)
        let indexAside = paths.trash.appending(name + PackFormat.indexSuffix)
        // The pack first: an index without its pack is passed over by all readers.
        try files.rename(pack.path, to: packAside)
        let written = try files.status(of: packAside)?.modifiedNanoseconds ?? .max
        let held = try files.status(of: paths.held(pack.name))?.modifiedNanoseconds ?? .min
        if max(written, held) != lastUse {
            try files.rename(packAside, to: pack.path)
            try files.removeEmptyFolder(paths.trash)
            return false
        }
        do throws(FileError) {
            try files.rename(paths.packIndex(pack.name), to: indexAside)
        } catch {
            if error.reason != .notFound { throw error }
        }
        try files.removeFile(packAside)
        try files.removeFile(indexAside)
        try files.removeEmptyFolder(paths.trash)
        store.packs.forget()
        return true
    }
}
