import Diagnostics
import Hashing
import Objects
import Threads

/// How garbage is collected in a remote.
package struct RemoteGarbageOptions: Sendable {
    /// What was pushed since then stays, whatever refers to it.
    package var grace = Duration.seconds(14 * 24 * 3600)
    /// Takes the leases of other machines for dead.
    package var breaksLeases = false
    package var isDryRun = false
    package var transfer = TransferOptions()

    package init() {}
}

/// What is alive in a remote, as those know it who collect.
package struct RemoteRoots: Sendable {
    package var roots: [RemoteRoot]
    /// Whether a record stays; what it refers to must be among the roots.
    package var keepsRecord: @Sendable (RemoteRecord) -> Bool

    package init(_ roots: [RemoteRoot], keepsRecord: @escaping @Sendable (RemoteRecord) -> Bool) {
        self.roots = roots
        self.keepsRecord = keepsRecord
    }
}

package struct RemoteGarbageReport: Sendable {
    package var plan: RemoteGarbagePlan
    /// Of packs that earlier collections, or this one, had condemned.
    package var removedPackCount = 0
    package var removedBytes: UInt64 = 0
    /// What is condemned and still there, and why.
    package var waiting: [String] = []
}

/// One collection of garbage in a remote; docs/formats/remote.md, "Collecting garbage", says why each step stands where
/// it does.
struct RemoteGarbageCollection {
    let remote: Remote
    let store: ObjectStore
    let options: RemoteGarbageOptions
    let monitor: any Monitor

    /// `roots` is asked when the lease is taken and the index was read.
    func run(_ roots: () throws -> RemoteRoots) throws -> RemoteGarbageReport {
        if options.isDryRun {
            // The server's clock is not asked: that would write.
            let index = try remote.wholeIndex(monitor)
            return RemoteGarbageReport(plan: try survey(index, at: Clock.system.now(), roots()).plan)
        }
        try remote.prepareForWriting()
        let lease = try remote.lease(.gc)
        defer { lease.end() }
        let now = try begin(lease)
        try withdrawUnfinished()
        let index = try remote.wholeIndex(monitor)
        let survey = try survey(index, at: now, roots())
        var report = RemoteGarbageReport(plan: survey.plan)
        if !survey.plan.changesNothing {
            let written = try writeAnew(survey, lease)
            try condemn(survey, written, lease, now)
        }
        try sweep(lease, &report)
        return report
    }

    /// Answers what the server takes for the time.
    private func begin(_ lease: RemoteLease) throws -> Timestamp {
        let entries = try remote.storage.listAll(RemoteFormat.leaseFolder)
        guard let now = entries.first(where: { LeaseName($0.name)?.id == lease.id })?.modified else {
            throw RemoteError.unexpectedReply(remote: remote.label, what: "a listing without the times of its files")
        }
        let others = LivingLease.all(in: entries, now: now).filter { $0.id != lease.id }
        if options.breaksLeases {
            for entry in entries where LeaseName(entry.name).map({ $0.id != lease.id }) == true {
                try remote.storage.delete(entry.name)
            }
        } else if let other = others.first(where: { $0.kind == .gc }) {
            throw RemoteError.beingCollected(remote: remote.label, since: other.began)
        }
        return now
    }

    /// A collection that was killed may have left segments that it condemned: what it condemned is judged anew. Nothing
    /// can have been removed yet that was alive.
    private func withdrawUnfinished() throws {
        let listed = try remote.listSegments()
        for (name, _, list) in try remote.readCondemned() where list.segments.contains(where: { listed[$0] != nil }) {
            try remote.storage.delete(RemoteName(condemned: name))
        }
    }

    // MARK: Looking

    struct Survey {
        let plan: RemoteGarbagePlan
        let surroundings: RemoteGarbagePlan.Surroundings
        let live: RemoteLiveSet
    }

    private func survey(_ index: RemoteIndex, at now: Timestamp, _ roots: RemoteRoots) throws -> Survey {
        let condemned = try remote.readCondemned().reduce(into: CondemnedList()) { $0.formUnion($1.list) }
        let listed = index.segments
        var segments: [RemoteGarbagePlan.Segment] = []
        for name in listed.keys.sorted() {
            // One that is damaged lists nothing that could be saved; verify names it.
            guard let content = try remote.segment(name, monitor) else { continue }
            let isYoung = isYoung(listed[name].flatMap(\.self), now)
            segments.append(.init(name: name, isYoung: isYoung, content: content))
        }
        segments.sort { $0.isYoung && !$1.isYoung }
        var inventory = Inventory(distrusting: condemned.packs)
        for segment in segments { inventory.add(segment.content) }
        var files: [SHA256Digest: RemoteGarbagePlan.PackFile] = [:]
        for entry in try remote.storage.listAll(RemoteFormat.packFolder) {
            guard let sha256 = SHA256Digest(entry.name, suffix: ".pack") else { continue }
            files[sha256] = .init(sizeBytes: entry.sizeBytes, isYoung: isYoung(entry.modified, now))
        }
        let claims = try claimed(segments.filter(\.isYoung).map(\.content))
        let live = try remote.live(
            roots.roots + claims + recordRoots(segments, roots), using: store, options: options.transfer,
            monitor: monitor)
        let surroundings = RemoteGarbagePlan.Surroundings(
            segments: segments, inventory: inventory, files: files, condemned: condemned,
            keepsRecord: roots.keepsRecord)
        return Survey(
            plan: RemoteGarbagePlan(surroundings, live: live), surroundings: surroundings, live: live)
    }

    private func isYoung(_ written: Timestamp?, _ now: Timestamp) -> Bool {
        guard let written else { return true }
        let grace = options.grace.components
        if grace.seconds == 0 { return false }
        return now.milliseconds(since: written) < grace.seconds * 1000
    }

    /// The contents of the records that stay.
    private func recordRoots(_ segments: [RemoteGarbagePlan.Segment], _ roots: RemoteRoots) -> [RemoteRoot] {
        segments.flatMap { segment in
            segment.content.records.filter { segment.isYoung || ($0.kind != .claim && roots.keepsRecord($0)) }
                .map { RemoteRoot($0.content, because: $0.kind.words) }
        }
    }

    /// What the claims in these segments vouch for. One that cannot be read is an error.
    private func claimed(_ segments: [IndexSegment]) throws -> [RemoteRoot] {
        let contents = Set(segments.flatMap { $0.records.filter { $0.kind == .claim }.map(\.content) })
        let absent = try contents.filter { try !store.contains($0) }
        let report = try remote.fetchObjects(Array(absent), store, options.transfer, monitor)
        if !report.failures.isEmpty {
            throw TransferError.incomplete(
                action: "reading what is alive in", remote: remote.label, failures: report.failures.count)
        }
        return try contents.flatMap { content -> [RemoteRoot] in
            guard let claim = Claim(parsing: try store.read(content)) else { return [] }
            return claim.fingerprints.map { RemoteRoot($0, because: "pushed within the grace period") }
                + claim.objects.map { RemoteRoot($0, because: "pushed within the grace period") }
        }
    }

    // MARK: Writing anew

    private struct Written {
        var segments: Set<SHA256Digest> = []
        /// Whose chunks could not be read whole: they are not condemned.
        var spared: Set<SHA256Digest> = []
    }

    /// New packs of what is alive in those that go, and new segments for those that go.
    private func writeAnew(_ survey: Survey, _ lease: RemoteLease) throws -> Written {
        var written = Written()
        let (plan, inventory) = (survey.plan, survey.surroundings.inventory)
        var rewriter = PackRewriter(remote: remote, plan: plan, inventory: inventory, options: options.transfer)
        defer { rewriter.close() }
        let moved = try rewriter.run(
            avoiding: survey.surroundings.condemned.packs.union(plan.condemnedPacks), lease, monitor)
        written.spared = moved.spared
        var segment = IndexSegment()
        func flush(_ limit: Int) throws {
            if segment.isEmpty || segment.entryCount < limit { return }
            try lease.renew()
            written.segments.insert(try remote.write(segment, avoiding: survey.surroundings.condemned.segments).name)
            segment = IndexSegment()
        }
        for pack in moved.packs {
            segment.add(pack)
            try flush(segmentEntries)
        }
        var listed = Set(moved.packs.flatMap { $0.chunks.map(\.sha256) })
        var objects: Set<SHA256Digest> = []
        var records: Set<RemoteRecord> = []
        for old in survey.surroundings.segments where plan.replacedSegments.contains(old.name) {
            for (number, pack) in old.content.packs.enumerated() {
                let isKept = plan.fate(of: pack.sha256) == .kept || moved.spared.contains(pack.sha256)
                if !isKept { continue }
                let chunks = old.content.chunks.filter { chunk in
                    chunk.location.pack == number && plan.liveChunks[chunk.sha256] != nil
                        && inventory.isAt(chunk.sha256, pack.sha256) && listed.insert(chunk.sha256).inserted
                }
                if chunks.isEmpty { continue }
                segment.add(PackListing(sha256: pack.sha256, sizeBytes: pack.sizeBytes, chunks: chunks))
                try flush(segmentEntries)
            }
            for object in old.content.objects {
                let key = object.digest.sha256
                if !survey.live.contains(key) || !objects.insert(key).inserted { continue }
                segment.objects.append(object)
                try flush(segmentEntries)
            }
            segment.records += old.content.records.filter {
                $0.kind != .claim && survey.surroundings.keepsRecord($0) && records.insert($0).inserted
            }
        }
        try flush(0)
        return written
    }

    // MARK: Condemning

    private func condemn(_ survey: Survey, _ written: Written, _ lease: RemoteLease, _ now: Timestamp) throws {
        let list = CondemnedList(
            packs: survey.plan.condemnedPacks.subtracting(written.spared),
            // Equal content has made an equal segment: it stays.
            segments: survey.plan.replacedSegments.subtracting(written.segments))
        if list.isEmpty { return }
        try lease.renew()
        let bytes = list.encoded()
        try remote.storage.put(RemoteName(condemned: SHA256.hash(bytes)), bytes)
        try rescue(survey, written, list, lease)
        for name in list.segments.sorted() {
            try lease.renew()
            try remote.storage.delete(RemoteName(segment: name))
        }
    }

    /// Lists again what a push that ended meanwhile relies on, and only condemned segments list.
    private func rescue(
        _ survey: Survey, _ written: Written, _ list: CondemnedList, _ lease: RemoteLease
    ) throws {
        let before = Set(survey.surroundings.segments.map(\.name)).union(written.segments)
        let late = try remote.listSegments().keys.filter { !before.contains($0) }.sorted()
            .compactMap { try remote.segment($0, monitor) }
        if late.isEmpty { return }
        try remote.refresh(monitor: monitor)
        let relied = late.flatMap { segment in
            (segment.objects.map(\.digest) + segment.records.map(\.content)).map { RemoteRoot($0, because: "a push") }
        }
        let wanted = try remote.live(
            relied + claimed(late), using: store, options: options.transfer, monitor: monitor)
        let all = try remote.inventory()
        var rest = Inventory()
        for segment in late { rest.add(segment) }
        for name in written.segments { if let segment = try remote.segment(name, monitor) { rest.add(segment) } }
        for old in survey.surroundings.segments where !list.segments.contains(old.name) { rest.add(old.content) }
        var segment = IndexSegment()
        var packs: [SHA256Digest: (size: UInt64, chunks: [(SHA256Digest, ChunkLocation)])] = [:]
        for digest in wanted.digests {
            guard !rest.contains(digest), let chunks = all.chunkList(of: digest) else { continue }
            segment.objects.append(RemoteObject(digest: digest, chunks: chunks))
            for chunk in chunks where !rest.contains(chunk: chunk) {
                guard let location = all.location(of: chunk) else { continue }
                let pack = all.packs[Int(location.pack)]
                packs[pack.sha256, default: (pack.sizeBytes, [])].chunks.append((chunk, location))
            }
        }
        for (sha256, content) in packs.sorted(by: { $0.key < $1.key }) {
            segment.add(PackListing(sha256: sha256, sizeBytes: content.size, chunks: content.chunks))
        }
        try lease.renew()
        if !segment.isEmpty { try remote.write(segment) }
    }

    // MARK: Sweeping

    /// Removes what was condemned before the grace period, if nobody is left who may rely on it.
    private func sweep(_ lease: RemoteLease, _ report: inout RemoteGarbageReport) throws {
        let lists = try remote.readCondemned()
        if lists.isEmpty { return }
        try lease.renew()
        // Leases first, then the index: who is not seen here reads the index after the packs were condemned.
        let entries = try remote.storage.listAll(RemoteFormat.leaseFolder)
        let now = entries.compactMap(\.modified).max() ?? Timestamp(milliseconds: .min)
        let others = LivingLease.all(in: entries, now: now).filter { $0.id != lease.id }
        let listed = try listedPacks()
        for (name, written, list) in lists {
            guard let written else { continue }
            let count = list.packs.count
            if isYoung(written, now) {
                report.waiting.append("\(count) condemned \(written): not before the grace period is over")
                continue
            }
            if let other = others.first(where: { $0.mayPrecede(written) }) {
                let since = other.began.map { " since \($0)" } ?? ""
                report.waiting.append("\(count) condemned \(written): a \(other.kind.rawValue) is at work\(since)")
                continue
            }
            for pack in list.packs.sorted() where !listed.contains(pack) {
                try options.transfer.checkCancellation()
                try lease.renew()
                let file = RemoteName(pack: pack)
                guard let size = try remote.storage.head(file)?.sizeBytes else { continue }
                try remote.storage.delete(file)
                report.removedPackCount += 1
                report.removedBytes += size
            }
            try remote.storage.delete(RemoteName(condemned: name))
        }
    }

    private func listedPacks() throws -> Set<SHA256Digest> {
        var packs: Set<SHA256Digest> = []
        for name in try remote.listSegments().keys {
            for pack in try remote.segment(name, monitor)?.packs ?? [] { packs.insert(pack.sha256) }
        }
        return packs
    }
}

extension RemoteRecord.Kind {
    fileprivate var words: String {
        switch self {
        case .runCache: "the run cache"
        case .run: "runs"
        case .claim: "pushed within the grace period"
        }
    }
}

extension IndexSegment {
    var entryCount: Int { chunks.count + objects.count + objects.reduce(0) { $0 + $1.chunks.count } + records.count }
}

/// A segment is closed there: about 20 MB.
private let segmentEntries = 300_000
