import Hashing
import Objects

/// What a collection of garbage in a remote will do: a value that `--dry-run` prints. Pure: made from what is listed and
/// what is alive.
package struct RemoteGarbagePlan: Sendable {
    package enum Fate: String, Sendable {
        case kept
        /// What is alive in it is copied into another pack; then as `condemned`.
        case rewritten
        /// Removed when nobody can rely on it any more.
        case condemned
        /// By an earlier collection.
        case condemnedBefore
    }

    package struct Pack: Sendable {
        /// As the remote names it.
        package let name: String
        package let sizeBytes: UInt64
        package let liveBytes: UInt64
        package let fate: Fate
        /// Why it is kept, in whole or in part, or why it goes.
        package let reason: String
        let sha256: SHA256Digest
    }

    /// In order of their names.
    package private(set) var packs: [Pack] = []
    package private(set) var droppedObjectCount = 0
    package private(set) var droppedRecordCount = 0
    /// Alive, and not whole in the remote: somebody should push them.
    package private(set) var incompleteObjectCount = 0
    package var replacedSegmentCount: Int { replacedSegments.count }

    private(set) var replacedSegments: Set<SHA256Digest> = []
    /// The chunks that are alive.
    private(set) var liveChunks: [SHA256Digest: UInt32] = [:]
    /// By the number in `liveChunks`.
    private var reasons: [String] = []

    package func bytes(_ fate: Fate) -> UInt64 { packs.reduce(0) { $0 + ($1.fate == fate ? $1.sizeBytes : 0) } }

    package func count(_ fate: Fate) -> Int { packs.count { $0.fate == fate } }

    /// How many bytes will be gone in the end.
    package var freedBytes: UInt64 {
        packs.reduce(0) { $0 + ($1.fate == .kept ? 0 : $1.sizeBytes - min($1.sizeBytes, $1.liveBytes)) }
    }

    package var changesNothing: Bool { condemnedPacks.isEmpty && replacedSegments.isEmpty }

    var condemnedPacks: Set<SHA256Digest> {
        Set(packs.filter { $0.fate == .condemned || $0.fate == .rewritten }.map(\.sha256))
    }

    func fate(of pack: SHA256Digest) -> Fate? { fates[pack] }
    private var fates: [SHA256Digest: Fate] = [:]

    // MARK: Making it

    struct Segment: Sendable {
        let name: SHA256Digest
        /// Written within the grace period: all that it lists is alive.
        let isYoung: Bool
        let content: IndexSegment
    }

    struct PackFile: Sendable {
        let sizeBytes: UInt64
        let isYoung: Bool
    }

    struct Surroundings: Sendable {
        var segments: [Segment]
        /// Of all segments, the young ones first.
        var inventory: Inventory
        /// What lies in `packs/`.
        var files: [SHA256Digest: PackFile]
        var condemned: CondemnedList
        var keepsRecord: @Sendable (RemoteRecord) -> Bool
    }

    init(_ surroundings: Surroundings, live: RemoteLiveSet) {
        markChunks(surroundings, live)
        judgePacks(surroundings)
        judgeSegments(surroundings, live)
    }

    private mutating func markChunks(_ surroundings: Surroundings, _ live: RemoteLiveSet) {
        reasons = live.reasons + [youngReason]
        let young = UInt32(reasons.count - 1)
        let numbers = Dictionary(live.reasons.enumerated().map { ($1, UInt32($0)) }, uniquingKeysWith: { a, _ in a })
        var incomplete: Set<SHA256Digest> = []
        for segment in surroundings.segments {
            for object in segment.content.objects {
                let key = object.digest.sha256
                let known = live.reason(for: key).flatMap { numbers[$0] }
                guard let reason = known ?? (segment.isYoung ? young : nil) else { continue }
                for chunk in object.chunks {
                    if liveChunks[chunk] == nil { liveChunks[chunk] = reason }
                    if !surroundings.inventory.isListed(chunk) { incomplete.insert(key) }
                }
            }
            if !segment.isYoung { continue }
            for (chunk, _) in segment.content.chunks where liveChunks[chunk] == nil { liveChunks[chunk] = young }
        }
        incompleteObjectCount = incomplete.count
    }

    private mutating func judgePacks(_ surroundings: Surroundings) {
        let inventory = surroundings.inventory
        var liveBytes: [SHA256Digest: UInt64] = [:]
        var firstReason: [SHA256Digest: UInt32] = [:]
        for (chunk, reason) in liveChunks {
            guard let location = inventory.location(of: chunk) else { continue }
            let pack = inventory.packs[Int(location.pack)].sha256
            liveBytes[pack, default: 0] += UInt64(location.storedBytes)
            firstReason[pack] = min(firstReason[pack] ?? .max, reason)
        }
        let young = Set(surroundings.segments.filter(\.isYoung).flatMap { $0.content.packs.map(\.sha256) })
        let listed = Dictionary(
            inventory.packs.map { ($0.sha256, $0.sizeBytes) }, uniquingKeysWith: { size, _ in size })
        for pack in Set(listed.keys).union(surroundings.files.keys).sorted() {
            let size = surroundings.files[pack]?.sizeBytes ?? listed[pack] ?? 0
            let alive = liveBytes[pack] ?? 0
            let reason = firstReason[pack].map { reasons[Int($0)] } ?? ""
            let (fate, why): (Fate, String) =
                if young.contains(pack) {
                    (.kept, reason.isEmpty ? youngReason : reason)
                } else if listed[pack] == nil, surroundings.condemned.packs.contains(pack) {
                    (.condemnedBefore, "condemned by an earlier collection")
                } else if listed[pack] == nil {
                    surroundings.files[pack]?.isYoung == true
                        ? (.kept, "sent lately, and not listed yet") : (.condemned, "no segment lists it")
                } else if alive == 0 {
                    (.condemned, "nothing refers to what is in it")
                } else if surroundings.condemned.packs.contains(pack) || alive < size / 2 {
                    (.rewritten, reason)
                } else {
                    (.kept, reason)
                }
            fates[pack] = fate
            packs.append(
                Pack(
                    name: RemoteName(pack: pack).text, sizeBytes: size, liveBytes: alive, fate: fate, reason: why,
                    sha256: pack))
        }
    }

    private mutating func judgeSegments(_ surroundings: Surroundings, _ live: RemoteLiveSet) {
        var seen: Set<SHA256Digest> = []
        let old = surroundings.segments.filter { !$0.isYoung }
        for segment in old {
            let dropsPack = segment.content.packs.contains { fates[$0.sha256] != .kept }
            let dead = segment.content.objects.filter { object in
                let key = object.digest.sha256
                return !live.contains(key) && seen.insert(key).inserted
            }
            let records = segment.content.records.count { $0.kind != .claim && !surroundings.keepsRecord($0) }
            let hasDeadChunks = segment.content.chunks.contains { liveChunks[$0.sha256] == nil }
            droppedObjectCount += dead.count
            droppedRecordCount += records
            let isCondemned = surroundings.condemned.segments.contains(segment.name)
            if dropsPack || hasDeadChunks || !dead.isEmpty || records > 0 || isCondemned || old.count > tidySegments {
                replacedSegments.insert(segment.name)
            }
        }
    }
}

private let youngReason = "pushed within the grace period"
/// More old segments than that are made into few: each is a request for whoever sees the remote for the first time.
private let tidySegments = 32
