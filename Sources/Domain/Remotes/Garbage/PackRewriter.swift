import Diagnostics
import Hashing
import Threads

/// Copies what is alive in packs that go into new ones, as it is stored, each chunk checked.
struct PackRewriter {
    private let remote: Remote
    private let plan: RemoteGarbagePlan
    private let chunks: [SHA256Digest: [(key: SHA256Digest, value: ChunkLocation)]]
    private let uploader: PackUploader

    struct Moved {
        var packs: [PackListing] = []
        /// Packs of which something could not be read: they stay as they are.
        var spared: Set<SHA256Digest> = []
    }

    init(remote: Remote, plan: RemoteGarbagePlan, inventory: Inventory, options: TransferOptions) {
        self.remote = remote
        self.plan = plan
        uploader = PackUploader(storage: remote.storage, options: options)
        var chunks: [SHA256Digest: [(key: SHA256Digest, value: ChunkLocation)]] = [:]
        for (number, content) in inventory.chunksByPack {
            let pack = inventory.packs[Int(number)].sha256
            if plan.fate(of: pack) != .rewritten { continue }
            chunks[pack, default: []] += content.filter { plan.liveChunks[$0.key] != nil }
        }
        self.chunks = chunks
    }

    /// Must be called at the end.
    func close() { uploader.close() }

    mutating func run(
        avoiding taken: Set<SHA256Digest>, _ lease: RemoteLease, _ monitor: any Monitor
    ) throws -> Moved {
        var moved = Moved()
        var builder = PackBuilder()
        func send() throws {
            try lease.renew()
            let pack = builder.finish(avoiding: taken)
            moved.packs.append(PackListing(pack))
            try uploader.send(pack)
        }
        let packs = chunks.keys.sorted()
        for (number, pack) in packs.enumerated() {
            guard let content = try read(pack, monitor) else {
                moved.spared.insert(pack)
                continue
            }
            for chunk in content {
                builder.append(chunk)
                if builder.isFull { try send() }
            }
            monitor.progress(
                Progress(activity: "rewriting packs of \(remote.label)", doneItems: number + 1, totalItems: packs.count)
            )
        }
        if !builder.isEmpty { try send() }
        _ = try uploader.drain()
        return moved
    }

    /// Nil, with a warning, unless all that is alive in the pack is as it should be.
    private func read(_ pack: SHA256Digest, _ monitor: any Monitor) throws -> [EncodedChunk]? {
        let name = RemoteName(pack: pack)
        let bytes = try remote.storage.get(name, nil, limitBytes: RemoteFormat.packLimitBytes) ?? []
        do {
            return try (chunks[pack] ?? []).sorted { $0.value.offset < $1.value.offset }.map { sha256, location in
                let end = Int(location.offset) + Int(location.storedBytes)
                guard end <= bytes.count else { throw FormatProblem.endsTooEarly }
                let stored = Array(bytes[Int(location.offset)..<end])
                _ = try location.decode(stored, expecting: sha256)
                return EncodedChunk(stored: stored, sha256, like: location)
            }
        } catch let problem as FormatProblem {
            monitor.warning(RemoteError.damaged(remote: remote.label, name: name.text, problem: problem.rawValue))
            remote.noteDamage([pack])
            return nil
        }
    }
}
