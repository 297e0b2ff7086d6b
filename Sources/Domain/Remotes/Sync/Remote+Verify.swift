package import Diagnostics
import Hashing
import Synchronization
import Threads

/// What reading a remote again has shown.
package struct VerifyRemoteReport: Sendable, Equatable {
    package struct Damaged: Sendable, Hashable {
        /// As the remote names it.
        package let pack: String
        package let problem: String
        /// How many chunks the index has in it.
        package let chunkCount: Int
    }

    package var packCount = 0
    package var chunkCount = 0
    package var packBytes: UInt64 = 0
    package var damaged: [Damaged] = []
    /// Objects that the index lists with a chunk that it does not.
    package var incompleteObjects = 0

    package var isWhole: Bool { damaged.isEmpty && incompleteObjects == 0 }
}

extension Remote {
    /// Reads packs again, all of them or every n-th, and checks each against its name, and each chunk in it against the
    /// index and its own digest.
    package func verify(
        everyNth step: Int = 1, options: TransferOptions = TransferOptions(), monitor: any Monitor = SilentMonitor()
    ) throws -> VerifyRemoteReport {
        let inventory = try inventory(renewed: true, monitor)
        let chosen = Array(stride(from: 0, to: inventory.packs.count, by: max(1, step)))
        let chunks = inventory.chunksByPack
        let done = Mutex(0)
        let findings = try mapConcurrently(chosen, width: options.jobs) { number in
            try options.checkCancellation()
            let finding = try self.check(inventory.packs[number], chunks[UInt32(number)] ?? [])
            let count = done.withLock { count in
                count += 1
                return count
            }
            monitor.progress(
                Progress(activity: "verifying \(self.label)", doneItems: count, totalItems: chosen.count))
            return finding
        }
        var report = VerifyRemoteReport()
        report.packCount = chosen.count
        for (number, finding) in zip(chosen, findings) {
            report.packBytes += inventory.packs[number].sizeBytes
            report.chunkCount += finding.chunkCount
            if let problem = finding.problem {
                noteDamage([inventory.packs[number].sha256])
                let pack = RemoteName(pack: inventory.packs[number].sha256).text
                report.damaged.append(.init(pack: pack, problem: problem, chunkCount: finding.chunkCount))
            }
        }
        report.incompleteObjects = inventory.incompleteObjectCount
        return report
    }

    private func check(
        _ entry: IndexSegment.PackEntry, _ chunks: [(key: SHA256Digest, value: ChunkLocation)]
    ) throws -> (chunkCount: Int, problem: String?) {
        let name = RemoteName(pack: entry.sha256)
        guard let bytes = try storage.get(name, nil, limitBytes: RemoteFormat.packLimitBytes) else {
            return (chunks.count, "it is not there")
        }
        do {
            _ = try Pack(decoding: bytes, expecting: entry.sha256)
            for (sha256, location) in chunks {
                let start = Int(location.offset)
                let end = start + Int(location.storedBytes)
                guard end <= bytes.count else { throw FormatProblem.badReference }
                _ = try location.decode(Array(bytes[start..<end]), expecting: sha256)
            }
            return (chunks.count, nil)
        } catch let problem as FormatProblem {
            return (chunks.count, problem.rawValue)
        }
    }
}
