import Diagnostics
import Files
import HTTP
import Hashing
import Objects
import Synchronization
import Threads

/// One fetch: reads parts of packs, several at once, and makes objects of their chunks.
///
/// An object of one chunk goes straight into the store. A larger one is put together in a file of its own, which a
/// fetch that was cut off leaves behind: the next one keeps the chunks in it that are right. The store verifies every
/// object again.
final class Fetcher: Sendable {
    private let remote: Remote
    private let plan: FetchPlan
    private let store: ObjectStore
    private let options: TransferOptions
    private let monitor: any Monitor
    private let state: Guarded<State>
    /// Those of more than one chunk, by their place in the plan.
    private let growing: Mutex<[Int: GrowingFile]>
    private let partialFolder: AbsolutePath
    private let partialLock: FileLock?

    private struct State: Sendable {
        var report = TransferReport()
        /// How many chunks each object of the plan still lacks.
        var lacking: [Int]
        var failed: Set<Int> = []
        var failures: [(digest: Digest, error: any UserFacingError)] = []
        var damagedPacks: Set<SHA256Digest> = []
        var doneBytes: UInt64 = 0
    }

    init(remote: Remote, plan: FetchPlan, store: ObjectStore, options: TransferOptions, monitor: any Monitor) throws {
        self.remote = remote
        self.plan = plan
        self.store = store
        self.options = options
        self.monitor = monitor
        var lacking = [Int](repeating: 0, count: plan.objects.count)
        for use in plan.uses.values.joined() { lacking[use.object] += 1 }
        state = Guarded(State(lacking: lacking))
        growing = Mutex([:])
        let hasLarge = plan.objects.contains { $0.sizeBytes > UInt64(Chunker.shortestBytes) }
        if hasLarge { try remote.fileSystem.makeFolders(remote.partialFolder) }
        // Another process that fetches from the same remote at the same time has its own place for what is unfinished.
        partialLock = hasLarge ? try FileLock.tryAcquire(remote.partialLock, in: remote.fileSystem) : nil
        partialFolder =
            hasLarge && partialLock == nil
            ? remote.partialFolder.appending(FileSystem.temporaryName()) : remote.partialFolder
    }

    private func leavePartialFolder() {
        if partialFolder != remote.partialFolder { try? remote.fileSystem.removeTree(partialFolder) }
        withExtendedLifetime(partialLock) {}
    }

    /// What could not be had is in `failed`, and not reported yet.
    func run() throws -> (report: TransferReport, failed: [(digest: Digest, error: any UserFacingError)]) {
        for digest in plan.unavailable {
            fail(digest, RemoteError.missingObject(remote: remote.label, object: digest.id.description))
        }
        defer { leavePartialFolder() }
        let arrived = try chunksThatArrived()
        try store.withBatch { batch in try finishWithoutReading(batch) }
        let reads = plan.reads.filter { read in read.chunks.contains { !arrived.contains($0.sha256) } }
        // A batch becomes durable as a whole: each bounds what a fetch that is killed has to read again.
        for start in stride(from: 0, to: reads.count, by: readsPerBatch) {
            let group = Array(reads[start..<min(reads.count, start + readsPerBatch)])
            let failure = try store.withBatch { batch -> (any Error)? in
                do {
                    try forEachConcurrently(group, width: options.jobs) { read in
                        try options.checkCancellation()
                        try perform(read, except: arrived, into: batch)
                    }
                    return nil
                } catch {
                    // What has arrived is kept.
                    return error
                }
            }
            if let failure { throw failure }
        }
        return state.withLock { state in
            remote.noteDamage(state.damagedPacks)
            return (state.report, state.failures)
        }
    }

    /// Empty objects, and large ones of which every chunk has arrived before.
    private func finishWithoutReading(_ batch: ObjectBatch) throws {
        let lacking = state.withLock { $0.lacking }
        for (number, digest) in plan.objects.enumerated() where lacking[number] == 0 {
            if digest.sizeBytes == 0 {
                try batch.put([])
            } else {
                try batch.adopt(partialPath(digest), as: digest)
            }
            finished(number)
        }
    }

    // MARK: Reading

    private func perform(_ read: FetchPlan.PackRead, except arrived: Set<SHA256Digest>, into batch: ObjectBatch) throws
    {
        var bytes = try content(of: read)
        for (sha256, location) in read.chunks where !arrived.contains(sha256) {
            do {
                let plain: [UInt8]
                do {
                    plain = try decode(location, sha256, bytes, read)
                } catch {
                    // Damaged on the way, perhaps.
                    bytes = try content(of: read)
                    plain = try decode(location, sha256, bytes, read)
                }
                try deliver(sha256, plain, into: batch)
            } catch let problem as FormatProblem {
                let name = RemoteName(pack: read.pack.sha256).text
                state.withLock { _ = $0.damagedPacks.insert(read.pack.sha256) }
                fail(
                    chunk: sha256, RemoteError.damaged(remote: remote.label, name: name, problem: problem.rawValue))
            }
        }
        let done = state.withLock { state in
            state.report.networkBytes += read.range.count
            state.report.requests += 1
            return (state.report.objects, state.doneBytes)
        }
        monitor.progress(
            Progress(
                activity: "fetching from \(remote.label)", doneItems: done.0, totalItems: plan.objects.count,
                doneBytes: Int(clamping: done.1), totalBytes: Int(clamping: plan.objectBytes)))
    }

    /// Empty if the pack is not there.
    private func content(of read: FetchPlan.PackRead) throws -> [UInt8] {
        let name = RemoteName(pack: read.pack.sha256)
        return try remote.storage.get(name, read.range, limitBytes: Int(read.range.count)) ?? []
    }

    private func decode(
        _ location: ChunkLocation, _ sha256: SHA256Digest, _ bytes: [UInt8], _ read: FetchPlan.PackRead
    ) throws(FormatProblem) -> [UInt8] {
        let start = Int(UInt64(location.offset) - read.range.offset)
        let end = start + Int(location.storedBytes)
        guard end <= bytes.count else { throw .endsTooEarly }
        return try location.decode(Array(bytes[start..<end]), expecting: sha256)
    }

    // MARK: Making objects

    private func deliver(_ sha256: SHA256Digest, _ plain: [UInt8], into batch: ObjectBatch) throws {
        for use in plan.uses[sha256] ?? [] {
            let digest = plan.objects[use.object]
            do {
                if plain.count == Int(clamping: digest.sizeBytes) {
                    // The chunk's SHA-256 was checked; the ids of what others list need not be true.
                    guard sha256 == digest.sha256, ObjectID(XXH3.hash(plain)) == digest.id else {
                        throw ObjectError.damaged(digest.id, .otherContent)
                    }
                    try batch.put(plain, hashedTo: digest)
                    finished(use.object)
                    continue
                }
                let file = file(of: use.object)
                try file.deliver(plain, at: use.offset)
                let isWhole = state.withLock { state in
                    state.lacking[use.object] -= 1
                    state.doneBytes += UInt64(plain.count)
                    return state.lacking[use.object] == 0
                }
                if isWhole {
                    guard try file.finish() == digest else { throw ObjectError.damaged(digest.id, .otherContent) }
                    try batch.adopt(file.path, hashedTo: digest)
                    growing.withLock { $0[use.object] = nil }
                    finished(use.object)
                }
            } catch let error as ObjectError {
                _ = try? remote.fileSystem.removeFile(partialPath(digest))
                fail(object: use.object, error)
            }
        }
    }

    private func finished(_ object: Int) {
        state.withLock { state in
            state.report.objects += 1
            state.report.objectBytes += plan.objects[object].sizeBytes
            // The chunks of a large one were counted as they came.
            if state.lacking[object] > 0 { state.doneBytes += plan.objects[object].sizeBytes }
        }
    }

    private func file(of object: Int) -> GrowingFile {
        growing.withLock { growing in
            if let file = growing[object] { return file }
            let file = GrowingFile(path: partialPath(plan.objects[object]), in: remote.fileSystem)
            growing[object] = file
            return file
        }
    }

    private func partialPath(_ digest: Digest) -> AbsolutePath {
        partialFolder.appending(digest.sha256.description)
    }

    /// The chunks that a fetch before this one left behind, in every place where they belong.
    private func chunksThatArrived() throws -> Set<SHA256Digest> {
        let isLarge = plan.objects.map { $0.sizeBytes > UInt64(Chunker.shortestBytes) }
        if !isLarge.contains(true) { return [] }
        try remote.fileSystem.makeFolders(partialFolder)
        let partial = Set(try remote.fileSystem.openFolder(partialFolder).names())
        let isBegun = plan.objects.map { partial.contains(Array($0.sha256.description.utf8)) }
        if !isBegun.contains(true) { return [] }
        var arrived: Set<SHA256Digest> = []
        for (sha256, location) in plan.reads.flatMap(\.chunks) {
            let isThere = try (plan.uses[sha256] ?? []).allSatisfy { use in
                guard isBegun[use.object] else { return false }
                let file = try remote.fileSystem.open(partialPath(plan.objects[use.object]))
                let bytes = try file.read(at: use.offset, count: Int(location.plainBytes))
                return SHA256.hash(bytes) == sha256
            }
            if isThere { arrived.insert(sha256) }
        }
        var there: [Int: [UInt64: Int]] = [:]
        for (sha256, location) in plan.reads.flatMap(\.chunks) where arrived.contains(sha256) {
            for use in plan.uses[sha256] ?? [] {
                state.withLock { $0.lacking[use.object] -= 1 }
                there[use.object, default: [:]][use.offset] = Int(location.plainBytes)
            }
        }
        for (object, chunks) in there {
            let file = GrowingFile(path: partialPath(plan.objects[object]), in: remote.fileSystem, arrived: chunks)
            growing.withLock { $0[object] = file }
        }
        return arrived
    }

    // MARK: Failing

    private func fail(_ digest: Digest, _ error: any UserFacingError) {
        state.withLock { $0.failures.append((digest, error)) }
    }

    private func fail(object: Int, _ error: any UserFacingError) {
        if state.withLock({ $0.failed.insert(object).inserted }) { fail(plan.objects[object], error) }
    }

    private func fail(chunk: SHA256Digest, _ error: RemoteError) {
        for use in plan.uses[chunk] ?? [] { fail(object: use.object, error) }
    }
}

/// Half a gigabyte.
private let readsPerBatch = 64
