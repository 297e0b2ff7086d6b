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
///   gc:     what is alive ─► plan ─► copy the rest of mostly dead packs ─► new segments ─► condemn ─► later, remove
/// ```
/// Keeps the segments that it read in a local cache, so that knowing what a remote has costs one listing. Trusts
/// neither the remote nor the cache: names are digests, and are checked.
package final class Remote: Sendable {
    let storage: any RemoteStorage
    let fileSystem: FileSystem
    /// Goes on while the machine sleeps.
    let elapsed: @Sendable () -> Duration
    private let entryLimit: Int
    /// What this machine calls itself.
    private let host: String
    /// `remotes/<name>` of the project.
    private let folder: AbsolutePath
    private let known = Mutex<RemoteIndex?>(nil)

    /// `cache` is a folder of its own for this remote; it is made when needed, and may be deleted at any time.
    package init(
        storage: any RemoteStorage, cache: AbsolutePath, in fileSystem: FileSystem = .real, host: String = "",
        elapsed: (@Sendable () -> Duration)? = nil, entryLimit: Int = usualEntryLimit
    ) {
        self.storage = storage
        self.fileSystem = fileSystem
        let start = ContinuousClock.now
        self.elapsed = elapsed ?? { ContinuousClock.now - start }
        folder = cache
        self.host = host
        self.entryLimit = entryLimit
    }

    package var label: String { storage.label }

    /// For large objects of which a part has arrived.
    var partialFolder: AbsolutePath { folder.appending("partial") }
    var partialLock: AbsolutePath { folder.appending("partial.lock") }
    var leaseLockFolder: AbsolutePath { folder.appending("leases") }
    var damageFile: AbsolutePath { folder.appending("damaged") }
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
            if let known, !renewed { return known.inventory }
            let index = try readIndex(after: known, condemned: known?.condemned ?? CondemnedList(), monitor)
            known = index
            return index.inventory
        }
    }

    /// What is there, as those must see it who add to it: what is condemned, or was found damaged, counts as absent.
    func indexForWriting(_ monitor: any Monitor) throws -> RemoteIndex {
        try known.withLock { known in
            // Before the index: what is condemned later is seen in the listing that follows the push.
            let condemned = try readCondemned().reduce(into: CondemnedList()) { $0.formUnion($1.list) }
            let index = try readIndex(after: known, condemned: condemned, monitor)
            known = index
            return index
        }
    }

    /// All that is there, also what is condemned, as it is now.
    func wholeIndex(_ monitor: any Monitor) throws -> RemoteIndex {
        try known.withLock { known in
            let index = try readIndex(after: nil, condemned: CondemnedList(), monitor)
            known = index
            return index
        }
    }

    /// What was last seen.
    func knownIndex() -> RemoteIndex? { known.withLock { $0 } }

    /// A segment of ours, which is there now.
    func add(_ segment: IndexSegment, _ bytes: [UInt8], _ sha256: SHA256Digest) {
        known.withLock { known in
            known?.inventory.add(segment)
            known?.segments.updateValue(nil, forKey: sha256)
        }
        try? keep(bytes, sha256)
    }

    private func readIndex(
        after former: RemoteIndex?, condemned: CondemnedList, _ monitor: any Monitor
    ) throws -> RemoteIndex {
        for _ in 0..<listingAttempts {
            let listed = try listSegments().filter { !condemned.segments.contains($0.key) }
            if listed.isEmpty { try checkMarker() }
            var index = RemoteIndex(condemned: condemned, damaged: damagedPacks())
            if let former, former.condemned == condemned, former.damaged == index.damaged,
                former.segments.keys.allSatisfy({ listed[$0] != nil })
            {
                index = former
            }
            do {
                try add(listed.filter { index.segments[$0.key] == nil }, to: &index, monitor)
                return index
            } catch SegmentVanished.vanished {
                continue
            }
        }
        throw RemoteError.unsteady(remote: label)
    }

    private func add(
        _ listed: [SHA256Digest: Timestamp?], to index: inout RemoteIndex, _ monitor: any Monitor
    ) throws {
        let cached = cachedNames()
        let names = listed.keys.sorted()
        // Not all at once: somebody may have put more there than memory holds.
        for start in stride(from: 0, to: names.count, by: segmentsAtOnce) {
            let group = Array(names[start..<min(names.count, start + segmentsAtOnce)])
            let segments = try mapConcurrently(group, width: segmentsAtOnce) { name in
                try self.segment(name, isCached: cached.contains(name), monitor)
            }
            for (name, segment) in zip(group, segments) {
                let written = listed[name].flatMap(\.self)
                index.segments.updateValue(written, forKey: name)
                if let segment { index.inventory.add(segment, written: written) }
                if index.inventory.entryCount > entryLimit {
                    throw RemoteError.tooMany(remote: label, what: "entries in its index", limit: entryLimit)
                }
            }
        }
        for stale in cached where index.segments[stale] == nil { _ = try? fileSystem.removeFile(path(stale)) }
    }

    /// The names of all segments, and when each was written, where the server says so.
    func listSegments() throws -> [SHA256Digest: Timestamp?] {
        var listed: [SHA256Digest: Timestamp?] = [:]
        for entry in try storage.listAll(RemoteFormat.indexFolder) {
            if let name = SHA256Digest(entry.name, suffix: ".segment") {
                listed.updateValue(entry.modified, forKey: name)
            }
        }
        return listed
    }

    /// Nil for one that is damaged. Throws `SegmentVanished` if somebody has just removed it.
    func segment(_ name: SHA256Digest, isCached: Bool = true, _ monitor: any Monitor) throws -> IndexSegment? {
        if isCached, let bytes = try? fileSystem.readIfPresent(path(name)),
            let segment = try? IndexSegment(decoding: bytes, expecting: name)
        {
            return segment
        }
        let file = RemoteName(segment: name)
        var problem = FormatProblem.otherContent
        // Damaged on the way, perhaps: read again.
        for _ in 0..<2 {
            guard let bytes = try storage.get(file, nil, limitBytes: RemoteFormat.segmentLimitBytes) else {
                throw SegmentVanished.vanished
            }
            do {
                let segment = try IndexSegment(decoding: bytes, expecting: name)
                try? keep(bytes, name)
                return segment
            } catch {
                problem = error
            }
        }
        monitor.warning(RemoteError.damaged(remote: label, name: file.text, problem: problem.rawValue))
        return nil
    }

    /// All that is condemned, list by list. One that is damaged is passed over: it protects nothing, and a collection
    /// writes another.
    func readCondemned() throws -> [(name: SHA256Digest, written: Timestamp?, list: CondemnedList)] {
        try storage.listAll(RemoteFormat.condemnedFolder).compactMap { entry in
            guard let name = SHA256Digest(entry.name, suffix: ".list"),
                let bytes = try storage.get(entry.name, nil, limitBytes: RemoteFormat.condemnedListLimitBytes),
                let list = try? CondemnedList(decoding: bytes, expecting: name)
            else { return nil }
            return (name, entry.modified, list)
        }
    }

    func lease(_ kind: RemoteLease.Kind) throws -> RemoteLease {
        try RemoteLease(kind, in: storage, locks: leaseLockFolder, fileSystem, host: host, elapsed: elapsed)
    }

    // MARK: The cache

    private func cachedNames() -> Set<SHA256Digest> {
        guard let names = try? fileSystem.openFolder(segmentFolder).names() else { return [] }
        return Set(names.compactMap { SHA256Digest(lowerCaseHex: String(decoding: $0, as: UTF8.self)) })
    }

    private func path(_ name: SHA256Digest) -> AbsolutePath { segmentFolder.appending(name.description) }

    private func keep(_ bytes: [UInt8], _ name: SHA256Digest) throws {
        try fileSystem.makeFolders(segmentFolder)
        try fileSystem.writeAtomically(bytes, to: path(name))
    }

    // MARK: The marker

    /// Whether nothing was ever pushed there.
    package func isUnused() throws -> Bool { try inventory().packs.isEmpty && !checkMarker() }

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

/// What a remote was seen to hold.
struct RemoteIndex: Sendable {
    var inventory: Inventory
    /// With the moments at which they were written, by the server's clock.
    var segments: [SHA256Digest: Timestamp?] = [:]
    let condemned: CondemnedList
    /// Packs that this machine found damaged.
    let damaged: Set<SHA256Digest>

    init(condemned: CondemnedList, damaged: Set<SHA256Digest>) {
        self.condemned = condemned
        self.damaged = damaged
        inventory = Inventory(distrusting: condemned.packs.union(damaged))
    }

    /// Names that no new pack may have: under them lie other bytes than should, or none soon.
    var takenPackNames: Set<SHA256Digest> { condemned.packs.union(damaged) }
}

/// A listed segment was removed before it was read.
private enum SegmentVanished: Error { case vanished }

/// How much a remote lists.
package struct RemoteSummary: Sendable, Hashable {
    package let objectCount: Int
    package let chunkCount: Int
    package let packCount: Int
    package let packBytes: UInt64
    package let recordCount: Int
}

extension SHA256Digest {
    /// From 64 lower-case hexadecimal digits.
    init?(lowerCaseHex hex: String) {
        if hex.utf8.contains(where: { (65...90).contains($0) }) { return nil }
        self.init(hex: hex)
    }

    /// The digest that a file of the remote is named by; nil for a name of another form.
    init?(_ name: RemoteName, suffix: String) {
        guard name.lastComponent.hasSuffix(suffix) else { return nil }
        self.init(lowerCaseHex: String(name.lastComponent.dropLast(suffix.count)))
    }
}

/// New segments are read that many at a time.
private let segmentsAtOnce = 8
/// A listing is out of date as soon as somebody collects garbage.
private let listingAttempts = 5
/// What the tables of one remote may hold: about a gigabyte of memory, and terabytes of data.
package let usualEntryLimit = 8_000_000
