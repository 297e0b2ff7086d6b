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

    package init() {}

    package var isWhole: Bool { damaged.isEmpty }
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
            return try withObject(id) { file, isCompressed in try inspect(id, file, isCompressed) }
        } catch ObjectError.missing {
            return .absent
        } catch ObjectError.damaged(_, let damage) {
            return .damaged(damage)
        } catch let error as FileError where error.reason == .inputOutput {
            return .damaged(.unreadable(error.message))
        }
    }

    private func inspect(_ id: ObjectID, _ file: borrowing OpenFile, _ isCompressed: Bool) throws -> Inspection {
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
        guard try fileSystem.status(of: paths.objects) != nil else { return VerifyReport() }
        let fanOuts = try fileSystem.openFolder(paths.objects).names()
        let doneFanOuts = Guarded(0)
        let reports = try mapConcurrently(fanOuts, width: coreCount) { fanOut in
            let report = try verify(fanOut: fanOut)
            let done = doneFanOuts.withLock { count in
                count += 1
                return count
            }
            monitor.progress(
                Progress(activity: "verifying the store", doneItems: done, totalItems: fanOuts.count))
            return report
        }
        return reports.reduce(into: VerifyReport()) { $0.add($1) }
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
    }
}
