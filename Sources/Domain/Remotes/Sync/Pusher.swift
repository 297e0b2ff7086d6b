import Diagnostics
import Hashing
import Objects
import Threads

/// One push. The calling thread reads and cuts, helpers hash and compress, uploaders send full packs.
///
/// Memory is bounded: a window of chunks, the pack that is filled, and the packs that the uploader holds. The same plan
/// makes the same packs, so that a push that was cut off finds them there.
struct Pusher {
    private let remote: Remote
    private let plan: PushPlan
    private let store: ObjectStore
    private let options: TransferOptions
    private let monitor: any Monitor
    private let lease: RemoteLease
    private let uploader: PackUploader
    private let meter: PushMeter
    private var inventory = Inventory()
    private var takenPackNames: Set<SHA256Digest> = []
    private var takenSegmentNames: Set<SHA256Digest> = []
    private var report = TransferReport()

    /// Cut off, and neither hashed nor packed yet; with the object that each is of.
    private var window: [(object: Int, bytes: [UInt8])] = []
    private var windowBytes = 0
    private var builder = PackBuilder()
    private var packedChunks: Set<SHA256Digest> = []
    /// The objects that no segment of this push lists yet, by their place in the plan.
    private var open: [Int: OpenObject] = [:]
    private var unlistedPacks: [PackListing] = []

    private struct OpenObject {
        let digest: Digest
        var chunks: [SHA256Digest] = []
        var isWhole = false
    }

    init(
        remote: Remote, plan: PushPlan, store: ObjectStore, lease: RemoteLease, options: TransferOptions,
        monitor: any Monitor
    ) {
        self.lease = lease
        self.remote = remote
        self.plan = plan
        self.store = store
        self.options = options
        self.monitor = monitor
        uploader = PackUploader(storage: remote.storage, options: options)
        meter = PushMeter(remote: remote.label, plan: plan, monitor: monitor)
    }

    mutating func run(given index: RemoteIndex) throws -> TransferReport {
        inventory = index.inventory
        takenPackNames = index.takenPackNames
        takenSegmentNames = index.condemned.segments
        defer { uploader.close() }
        for (number, digest) in plan.missing.enumerated() {
            try options.checkCancellation()
            open[number] = OpenObject(digest: digest)
            try cut(digest, number)
            if unlistedPacks.count >= packsPerSegment { try writeSegment(withRecords: false) }
        }
        try packWindow()
        if !builder.isEmpty { try closePack() }
        try writeSegment(withRecords: report.failures.isEmpty)
        if report.failures.isEmpty { return report }
        throw TransferError.incomplete(action: "pushing to", remote: remote.label, failures: report.failures.count)
    }

    // MARK: Cutting

    private mutating func cut(_ digest: Digest, _ number: Int) throws {
        // What could not be sent is what this tree promises.
        if !report.failures.isEmpty, plan.trees.contains(digest) {
            open[number] = nil
            return
        }
        do {
            if digest.sizeBytes <= UInt64(Chunker.shortestBytes) {
                let bytes = try store.read(digest)
                if !bytes.isEmpty { try take(bytes, of: number) }
            } else {
                try cutLarge(digest, number)
            }
            open[number]?.isWhole = true
            meter.readObject()
        } catch let error as any UserFacingError where !Self.endsPush(error) {
            open[number] = nil
            report.failures.append(digest.id.description)
            monitor.warning(error)
        }
    }

    /// Packs on the way, since a large object need not fit into memory.
    private mutating func cutLarge(_ digest: Digest, _ number: Int) throws {
        var chunker = Chunker()
        try store.forEachPiece(of: digest) { piece in
            try options.checkCancellation()
            try chunker.update(piece) { try take($0, of: number) }
        }
        try chunker.finish { try take($0, of: number) }
    }

    /// What is wrong with the remote ends the push; what is wrong with one object does not.
    private static func endsPush(_ error: any UserFacingError) -> Bool {
        error is RemoteError || error is TransferError
    }

    private mutating func take(_ chunk: [UInt8], of number: Int) throws {
        window.append((number, chunk))
        windowBytes += chunk.count
        if windowBytes >= windowLimitBytes || window.count >= windowLimitChunks { try packWindow() }
    }

    // MARK: Packing

    private mutating func packWindow() throws {
        let chunks = try mapConcurrently(window, width: coreCount) { EncodedChunk(plain: $0.bytes) }
        let objects = window.map(\.object)
        window = []
        windowBytes = 0
        for (number, chunk) in zip(objects, chunks) {
            open[number]?.chunks.append(chunk.sha256)
            let isNew = !inventory.contains(chunk: chunk.sha256) && packedChunks.insert(chunk.sha256).inserted
            meter.took(bytes: UInt64(chunk.plainBytes), isNew: isNew)
            if !isNew {
                report.savedBytes += UInt64(chunk.plainBytes)
                continue
            }
            builder.append(chunk)
            if builder.isFull { try closePack() }
        }
        meter.report()
    }

    private mutating func closePack() throws {
        try lease.renew()
        let pack = builder.finish(avoiding: takenPackNames)
        unlistedPacks.append(PackListing(pack))
        let share = meter.closedPack()
        try uploader.send(pack) { [meter] in meter.sent(share) }
    }

    // MARK: Listing

    /// Lists the packs that were sent, and the objects that are whole with them.
    private mutating func writeSegment(withRecords: Bool) throws {
        let sent = try uploader.drain()
        var segment = IndexSegment()
        for pack in unlistedPacks { segment.add(pack) }
        unlistedPacks = []
        let listed = Set(segment.chunks.map(\.sha256))
        for (number, object) in open where object.isWhole {
            let isThere = object.chunks.allSatisfy { listed.contains($0) || inventory.contains(chunk: $0) }
            if !isThere { continue }
            segment.objects.append(RemoteObject(digest: object.digest, chunks: object.chunks))
            report.objects += 1
            report.objectBytes += object.digest.sizeBytes
            open[number] = nil
        }
        if withRecords { segment.records = plan.records }
        report.networkBytes = sent.networkBytes
        report.requests = sent.requests
        if segment.isEmpty { return }
        try lease.renew()
        report.networkBytes += UInt64(try remote.write(segment, avoiding: takenSegmentNames).sizeBytes)
        inventory.add(segment)
    }
}

private let windowLimitBytes = 8 << 20
private let windowLimitChunks = 4096
/// A gigabyte: what a push that is cut off has to ask after again.
private let packsPerSegment = 64
