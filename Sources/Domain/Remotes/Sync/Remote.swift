package import Diagnostics
package import Files
import Hashing
import Synchronization
import Threads

/// A place to push to and pull from: packs and index segments over any storage. docs/formats/remote.md.
///
/// ```
///   push:   closure of what is wanted ─► plan (what no segment lists) ─► chunk, compress ─► packs ─► segment
///   fetch:  plan (which ranges of which packs) ─► read, verify each chunk ─► objects ─► store, verified again
/// ```
/// Keeps the segments that it read in a local cache, so that knowing what a remote has costs one listing. Trusts
/// neither the remote nor the cache: names are digests, and are checked.
package final class Remote: Sendable {
    let storage: any RemoteStorage
    let fileSystem: FileSystem
    /// `remotes/<name>` of the project.
    private let folder: AbsolutePath
    private let known = Mutex<Inventory?>(nil)

    /// `cache` is a folder of its own for this remote; it is made when needed, and may be deleted at any time.
    package init(storage: any RemoteStorage, cache: AbsolutePath, in fileSystem: FileSystem = .real) {
        self.storage = storage
        self.fileSystem = fileSystem
        folder = cache
    }

    package var label: String { storage.label }

    /// For large objects of which a part has arrived.
    var partialFolder: AbsolutePath { folder.appending("partial") }
    private var segmentFolder: AbsolutePath { folder.appending("index") }

    // MARK: What is there

    /// Lists the remote, reads what is new, and remembers it for the calls that follow. A remote where nothing was ever
    /// pushed is empty. A segment that is damaged is reported to `monitor`, and counts as absent.
    package func refresh(monitor: any Monitor = SilentMonitor()) throws { _ = try inventory(renewed: true, monitor) }

    /// How much the remote lists.
    package func summary() throws -> RemoteSummary {
        let inventory = try inventory()
        return RemoteSummary(
            objectCount: inventory.objectCount, chunkCount: inventory.chunkCount, packCount: inventory.packs.count,
            packBytes: inventory.packs.reduce(0) { $0 + $1.sizeBytes }, recordCount: inventory.records.count)
    }

    func inventory(renewed: Bool = false, _ monitor: any Monitor = SilentMonitor()) throws -> Inventory {
        try known.withLock { known in
            if let known, !renewed { return known }
            let inventory = try readInventory(monitor)
            known = inventory
            return inventory
        }
    }

    /// A segment of ours, which is there now.
    func add(_ segment: IndexSegment, _ bytes: [UInt8], _ sha256: SHA256Key) {
        known.withLock { $0?.add(segment) }
        try? keep(bytes, sha256)
    }

    private func readInventory(_ monitor: any Monitor) throws -> Inventory {
        let names = try storage.listAll(RemoteFormat.indexFolder).compactMap { SHA256Key(segmentName: $0.name) }
        if names.isEmpty { try checkMarker() }
        let cached = cachedNames()
        for stale in cached.subtracting(names) { _ = try? fileSystem.removeFile(path(stale)) }
        let segments = try mapConcurrently(names.sorted(), width: segmentsAtOnce) { name in
            try self.segment(name, isCached: cached.contains(name), monitor)
        }
        var inventory = Inventory()
        for case let segment? in segments {
            inventory.add(segment)
            if inventory.entryCount > entryLimit {
                throw RemoteError.tooMany(remote: label, what: "entries in its index", limit: entryLimit)
            }
        }
        return inventory
    }

    private func segment(_ name: SHA256Key, isCached: Bool, _ monitor: any Monitor) throws -> IndexSegment? {
        if isCached, let bytes = try? fileSystem.readIfPresent(path(name)),
            let segment = try? IndexSegment(decoding: bytes, expecting: name)
        {
            return segment
        }
        let file = RemoteName(segment: name)
        guard let bytes = try storage.get(file, nil, limitBytes: RemoteFormat.segmentLimitBytes) else { return nil }
        do {
            let segment = try IndexSegment(decoding: bytes, expecting: name)
            try? keep(bytes, name)
            return segment
        } catch {
            monitor.warning(RemoteError.damaged(remote: label, name: file.text, problem: error.rawValue))
            return nil
        }
    }

    // MARK: The cache

    private func cachedNames() -> Set<SHA256Key> {
        guard let names = try? fileSystem.openFolder(segmentFolder).names() else { return [] }
        return Set(names.compactMap { SHA256Key(hex: String(decoding: $0, as: UTF8.self)) })
    }

    private func path(_ name: SHA256Key) -> AbsolutePath { segmentFolder.appending(name.description) }

    private func keep(_ bytes: [UInt8], _ name: SHA256Key) throws {
        try fileSystem.makeFolders(segmentFolder)
        try fileSystem.writeAtomically(bytes, to: path(name))
    }

    // MARK: The marker

    /// Makes the remote ours before the first write; a newer format is refused.
    func prepareForWriting() throws {
        guard storage.isWritable else { throw RemoteError.notWritable(remote: label) }
        if try inventory().packs.isEmpty, try !checkMarker() {
            _ = try storage.put(
                RemoteFormat.markerName, Array("\(RemoteFormat.markerPrefix)\(RemoteFormat.version)\n".utf8))
        }
    }

    /// False if there is none: nothing was ever pushed.
    @discardableResult
    private func checkMarker() throws -> Bool {
        guard let bytes = try storage.get(RemoteFormat.markerName, nil, limitBytes: 4096) else { return false }
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.hasPrefix(RemoteFormat.markerPrefix),
            let version = Int(text.dropFirst(RemoteFormat.markerPrefix.count).prefix { $0 != "\n" })
        else {
            throw RemoteError.damaged(remote: label, name: RemoteFormat.markerName.text, problem: "unknown content")
        }
        if version > RemoteFormat.version { throw RemoteError.newerFormat(remote: label, version: version) }
        return true
    }
}

/// How much a remote lists.
package struct RemoteSummary: Sendable, Hashable {
    package let objectCount: Int
    package let chunkCount: Int
    package let packCount: Int
    package let packBytes: UInt64
    package let recordCount: Int
}

extension SHA256Key {
    /// From 64 lower-case hexadecimal digits.
    init?(hex: String) {
        guard !hex.utf8.contains(where: { (65...90).contains($0) }), let digest = SHA256Digest(hex: hex) else {
            return nil
        }
        self.init(digest)
    }

    fileprivate init?(segmentName name: RemoteName) {
        let suffix = ".segment"
        guard name.lastComponent.hasSuffix(suffix) else { return nil }
        self.init(hex: String(name.lastComponent.dropLast(suffix.count)))
    }
}

/// New segments are read that many at a time.
private let segmentsAtOnce = 8
/// What the tables of one remote may hold: about a gigabyte of memory, and terabytes of data.
private let entryLimit = 8_000_000
