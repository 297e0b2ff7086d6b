package import Diagnostics
package import Files
import Hashing
import Threads

/// What reading a whole store brought to light.
package struct VerifyReport: Sendable, Equatable {
    package var objectCount = 0
    /// Of the content, decompressed.
    package var contentBytes: UInt64 = 0
    /// As they lie on the disk.
    package var storedBytes: UInt64 = 0
    /// In ascending order of id.
    package var damaged: [DamagedObject] = []
    /// Files among the objects that no store would have written.
    package var strangers: [AbsolutePath] = []
    /// Indexes of packs. What could be read without one was read.
    package var damagedIndexes: [AbsolutePath] = []
    /// Those of them that were made again, the same to the last bit.
    package var mendedIndexes: [AbsolutePath] = []

    package init() {}

    package var isWhole: Bool { damaged.isEmpty && damagedIndexes.isEmpty }
}

/// An object whose bytes are not what its name says.
package struct DamagedObject: Sendable, Equatable {
    package let id: ObjectID
    package let damage: Damage

    package init(id: ObjectID, damage: Damage) {
        self.id = id
        self.damage = damage
    }
}

extension ObjectStore {
    /// What is under one id.
    enum Inspection {
        case absent
        case whole(Digest)
        case damaged(Damage)
    }

    /// Reads the object and says whether it is what its name says.
    func inspect(_ id: ObjectID) throws -> Inspection {
        do {
            return try withContent(of: id, strictly: true) {
                .whole(Digest(of: $0))
            } loose: {
                try inspect(id, $0, $1)
            }
        } catch ObjectError.missing {
            return .absent
        } catch ObjectError.damaged(_, let damage) {
            return .damaged(damage)
        } catch let error as FileError where error.reason == .inputOutput {
            return .damaged(.unreadable(error.message))
        }
    }

    func inspect(_ id: ObjectID, _ file: borrowing OpenFile, _ isCompressed: Bool) throws -> Inspection {
        let digests = DigestBuilder()
        try forEachContentPiece(of: id, file, isCompressed, limitBytes: nil) { digests.update($0) }
        let found = Digest(digests.finish())
        return found.id == id ? .whole(found) : .damaged(.otherContent)
    }

    /// What is wrong with the object that `digest` names; nil if nothing is. A missing one is an error.
    package func damage(of digest: Digest) throws -> Damage? {
        switch try inspect(digest.id) {
        case .absent: throw ObjectError.missing(digest.id)
        case .damaged(let damage): return damage
        case .whole(let found):
            if found.sizeBytes != digest.sizeBytes {
                return .otherSize(expectedBytes: digest.sizeBytes, foundBytes: found.sizeBytes)
            }
            return found.sha256 == digest.sha256 ? nil : .otherSHA256
        }
    }

    /// Reads every object. A damaged one does not stop the rest.
    package func verify(monitor: any Monitor = SilentMonitor()) throws -> VerifyReport {
        var parts = try packs.all().map { VerifyPart.pack($0) }
        if try fileSystem.status(of: paths.objects) != nil {
            parts += try fileSystem.openFolder(paths.objects).names().map { .fanOut($0) }
        }
        let count = parts.count
        let doneParts = Guarded(0)
        let reports = try mapConcurrently(parts, width: coreCount) { part in
            let report =
                switch part {
                case .fanOut(let name): try verify(fanOut: name)
                case .pack(let pack): try verify(pack)
                }
            let done = doneParts.withLock { done in
                done += 1
                return done
            }
            monitor.progress(Progress(activity: "verifying the store", doneItems: done, totalItems: count))
            return report
        }
        var report = reports.reduce(into: VerifyReport()) { $0.add($1) }
        try report.strangers += strangersAmongPacks()
        report.mendedIndexes = (try? mendIndexes()) ?? []
        // One that was healed is there twice: damaged in its pack, and whole.
        let healed = try report.damaged.filter { damaged in
            if case .whole = try inspect(damaged.id) { true } else { false }
        }
        report.objectCount -= healed.count
        report.damaged.removeAll { healed.contains($0) }
        report.damaged.sort { $0.id < $1.id }
        return report
    }

    private enum VerifyPart: Sendable {
        case fanOut([UInt8])
        case pack(Pack)
    }

    private func verify(_ pack: Pack) throws -> VerifyReport {
        var report = VerifyReport()
        if pack.indexState != .whole { report.damagedIndexes.append(paths.packIndex(pack.name)) }
        report.storedBytes += pack.status.sizeBytes + UInt64(pack.index.bytes.count)
        let file: SharedFile
        do throws(FileError) {
            file = try pack.open()
        } catch {
            // Compacted meanwhile.
            if error.reason == .notFound { return VerifyReport() }
            throw error
        }
        for entry in pack.index.entries.sorted(by: { $0.offset < $1.offset }) {
            report.objectCount += 1
            switch try pack.checkedRecord(entry, from: file.file).0 {
            case .whole: report.contentBytes += UInt64(entry.sizeBytes)
            case .damaged(let damage): report.damaged.append(DamagedObject(id: entry.id, damage: damage))
            }
        }
        return report
    }

    /// Files that are no pack's; an index without its pack is one, for it says nothing that is true.
    private func strangersAmongPacks() throws -> [AbsolutePath] {
        guard try fileSystem.status(of: paths.packs) != nil else { return [] }
        let known = Set(try packs.all().map(\.name))
        return try fileSystem.openFolder(paths.packs).names().filter { file in
            if file.starts(with: FileSystem.temporaryNamePrefix.utf8) { return false }
            if PackName(file, suffix: PackFormat.heldSuffix) != nil { return false }
            let name = PackName(file, suffix: PackFormat.packSuffix) ?? PackName(file, suffix: PackFormat.indexSuffix)
            return name.map { !known.contains($0) } ?? true
        }
        .map { paths.packs.appending(RelativePath(unchecked: $0)) }
    }

    private func verify(fanOut: [UInt8]) throws -> VerifyReport {
        var report = VerifyReport()
        let path = paths.objects.appending(RelativePath(unchecked: fanOut))
        guard try fileSystem.status(of: path)?.kind == .folder else {
            report.strangers.append(path)
            return report
        }
        let folder = try fileSystem.openFolder(path)
        for entry in try folder.entries() {
            guard let (id, isCompressed) = StorePaths.object(fanOut: fanOut, name: entry.name) else {
                report.strangers.append(path.appending(RelativePath(unchecked: entry.name)))
                continue
            }
            report.objectCount += 1
            report.storedBytes += entry.status.sizeBytes
            switch try inspectEntry(id, isCompressed, entry.name, in: folder) {
            case .absent: report.objectCount -= 1
            case .whole(let digest): report.contentBytes += digest.sizeBytes
            case .damaged(let damage): report.damaged.append(DamagedObject(id: id, damage: damage))
            }
        }
        return report
    }

    private func inspectEntry(
        _ id: ObjectID, _ isCompressed: Bool, _ name: [UInt8], in folder: borrowing Folder
    ) throws -> Inspection {
        do {
            let file = try folder.openFile(name)
            return try inspect(id, file, isCompressed)
        } catch ObjectError.damaged(_, let damage) {
            return .damaged(damage)
        } catch let error as FileError {
            return error.reason == .notFound ? .absent : .damaged(.unreadable(error.message))
        }
    }
}

extension VerifyReport {
    fileprivate mutating func add(_ other: VerifyReport) {
        objectCount += other.objectCount
        contentBytes += other.contentBytes
        storedBytes += other.storedBytes
        damaged += other.damaged
        strangers += other.strangers
        damagedIndexes += other.damagedIndexes
    }
}
