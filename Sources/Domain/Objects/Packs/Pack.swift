import Files
import Hashing
import Zstd

/// One pack with its index: immutable, so that it can be read by many threads without any lock.
final class Pack: Sendable {
    let name: PackName
    let path: AbsolutePath
    let index: PackIndex
    /// What the index file is like.
    let indexState: IndexState
    /// Of the pack file, when it was listed.
    let status: FileStatus
    private let fileSystem: FileSystem

    enum IndexState: Sendable, Equatable {
        case whole
        /// Made again from the pack, and the same as it was to the last bit.
        case remade
        /// Made again from a pack that is damaged too: what can be had.
        case partial
    }

    /// Loads the index from the folder, or makes it from the pack if it is damaged. Nil if the pack is gone.
    init?(_ name: PackName, in folder: AbsolutePath, _ fileSystem: FileSystem) throws {
        self.name = name
        self.fileSystem = fileSystem
        path = folder.appending("\(name)\(PackFormat.packSuffix)")
        guard let status = try fileSystem.status(of: path) else { return nil }
        self.status = status
        let indexBytes = try? fileSystem.readIfPresent(folder.appending("\(name)\(PackFormat.indexSuffix)"))
        if let indexBytes, let index = PackIndex(decoding: indexBytes, named: name) {
            self.index = index
            indexState = .whole
            return
        }
        let scan: PackScan
        do throws(FileError) {
            let file = try fileSystem.open(path)
            scan = try PackScan(file)
        } catch {
            if error.reason == .notFound { return nil }
            throw error
        }
        index = PackIndex(scan.entries, packBytes: scan.packBytes)
        indexState = scan.isWhole && index.name == name ? .remade : .partial
    }

    func open() throws(FileError) -> SharedFile { SharedFile(try fileSystem.open(path)) }

    /// What a record holds, or what is wrong with it.
    enum Content: Sendable {
        /// Whose XXH3 is the object's id.
        case whole([UInt8])
        case damaged(Damage)
    }

    /// Reads and checks one object.
    func content(of entry: PackEntry, from file: borrowing OpenFile) throws(FileError) -> Content {
        guard entry.end <= status.sizeBytes else { return .damaged(inPack(.cutOff, entry)) }
        let start = UInt64(entry.offset) + UInt64(PackRecordHead.byteCount)
        do throws(FileError) {
            return content(of: entry, stored: try file.read(at: start, count: Int(entry.storedBytes)))
        } catch {
            if error.reason != .inputOutput { throw error }
            return .damaged(inPack(.unreadable(error.message), entry))
        }
    }

    /// The same for a whole record: its head is checked too, and the SHA-256 that it names.
    func checkedRecord(
        _ entry: PackEntry, from file: borrowing OpenFile
    ) throws(FileError) -> (Content, head: PackRecordHead?) {
        guard entry.end <= status.sizeBytes else { return (.damaged(inPack(.cutOff, entry)), nil) }
        let record: [UInt8]
        do throws(FileError) {
            record = try file.read(at: UInt64(entry.offset), count: Int(entry.recordBytes))
        } catch {
            if error.reason != .inputOutput { throw error }
            return (.damaged(inPack(.unreadable(error.message), entry)), nil)
        }
        let content = content(of: entry, stored: Array(record.dropFirst(PackRecordHead.byteCount)))
        guard case .whole(let bytes) = content else { return (content, nil) }
        let head = record.withUnsafeBytes { PackRecordHead(reading: $0, at: 0) }
        guard let head, head.digest.id == entry.id, head.storedBytes == entry.storedBytes,
            head.isCompressed == entry.isCompressed, head.digest.sizeBytes == UInt64(entry.sizeBytes)
        else { return (.damaged(inPack(.badRecord, entry)), nil) }
        if SHA256.hash(bytes) != head.digest.sha256 { return (.damaged(inPack(.otherSHA256, entry)), nil) }
        return (content, head)
    }

    private func content(of entry: PackEntry, stored: [UInt8]) -> Content {
        guard stored.count == Int(entry.storedBytes) else { return .damaged(inPack(.cutOff, entry)) }
        let bytes: [UInt8]
        if entry.isCompressed {
            do {
                bytes = try ZstdDecompressor.decompress(stored, limitBytes: UInt64(entry.sizeBytes))
            } catch {
                let reason = (error as? ZstdError)?.message ?? "compressed data is damaged"
                return .damaged(inPack(.badCompression(reason), entry))
            }
        } else {
            bytes = stored
        }
        if ObjectID(XXH3.hash(bytes)) != entry.id { return .damaged(inPack(.otherContent, entry)) }
        return .whole(bytes)
    }

    private func inPack(_ damage: Damage, _ entry: PackEntry) -> Damage {
        .inPack("\(name)", offset: UInt64(entry.offset), damage)
    }
}
