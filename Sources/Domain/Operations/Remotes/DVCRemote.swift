import Diagnostics
import Files
import Objects
import Pipelines
import Remotes
import Threads
import Workspaces

/// A place that DVC pushed to, read for projects that are taken over.
///
/// What is fetched goes into DVC's cache, checked against its MD5, where `repro run` and `repro import dvc`, and DVC,
/// find it; what is pulled goes from there into our store, digested anew, and into the workspace.
struct DVCRemote: Sendable {
    let name: String
    let storage: any RemoteStorage
    /// Whether DVC pushed each file under its own name, into a bucket that keeps all versions.
    let isVersionAware: Bool
    let jobs: Int
    let cancellation: Cancellation

    // MARK: Fetching

    func fetch(
        _ options: FetchOptions, into opened: OpenProject, monitor: any Monitor
    ) throws -> (report: FetchReport, tracked: [DVCTracked]) {
        let tracked = try selected(options, opened)
        let cache = try DVCStore(ofProject: opened.project.root, fileSystem: opened.project.fileSystem)
        var report = FetchReport(remote: storage.label)
        if options.isDryRun {
            report.dvcObjects = try cache.missingObjects(of: tracked).map(\.name)
            return (report, tracked)
        }
        let scratch = try ScratchFolder(in: opened.project.temporaryFolder, fileSystem: opened.project.fileSystem)
        let transfer = try bring(tracked, into: cache, by: scratch, in: opened.project.fileSystem, monitor: monitor)
        report.transfer = transfer
        if transfer.failures.isEmpty { return (report, tracked) }
        throw TransferError.incomplete(
            action: "fetching from", remote: storage.label, failures: transfer.failures.count)
    }

    /// Brings what `cache` lacks of these paths, or of a part of each. What could not be had is named in the report.
    func bring(
        _ tracked: [DVCTracked], below part: RelativePath = .root, into cache: DVCStore, by scratch: ScratchFolder,
        in files: FileSystem, monitor: any Monitor
    ) throws -> TransferReport {
        var transfer = TransferReport()
        var failed: Set<DVCObject> = []
        let versions = isVersionAware ? versions(of: tracked) : [:]
        try cache.keepListings(of: tracked)
        // What a folder holds is known when its listing has come.
        while true {
            let missing = try cache.missingObjects(of: tracked, below: part).filter { !failed.contains($0) }
            if missing.isEmpty { return transfer }
            let done = Guarded(0)
            let outcomes = try mapConcurrently(missing, width: jobs) { object in
                let name = isVersionAware ? versions[object] : RemoteName(object.name)
                let outcome = try fetch(object, name, cache, scratch, files, monitor)
                let count = done.withLock { count in
                    count += 1
                    return count
                }
                monitor.progress(
                    Progress(
                        activity: "fetching from \(storage.label)", doneItems: count, totalItems: missing.count))
                return outcome
            }
            for (object, outcome) in zip(missing, outcomes) {
                transfer.requests += outcome.requests
                transfer.networkBytes += outcome.bytes
                if outcome.isWhole {
                    transfer.objects += 1
                    transfer.objectBytes += outcome.bytes
                } else {
                    failed.insert(object)
                    transfer.failures.append(object.name)
                }
            }
        }
    }

    private func versions(of tracked: [DVCTracked]) -> [DVCObject: RemoteName] {
        let known = tracked.flatMap { $0.versions(in: name) }.map { object, path, version in
            (object, RemoteName(foreign: path.description, version: version))
        }
        return Dictionary(known) { first, _ in first }
    }

    private struct Outcome: Sendable {
        var isWhole = false
        var bytes: UInt64 = 0
        var requests = 0
    }

    /// Piece by piece into a file of its own: the size of what comes is not known.
    private func fetch(
        _ object: DVCObject, _ name: RemoteName?, _ cache: DVCStore, _ scratch: ScratchFolder, _ files: FileSystem,
        _ monitor: any Monitor
    ) throws -> Outcome {
        if cancellation.isCancelled { throw TransferError.cancelled }
        var outcome = Outcome()
        guard let name else {
            monitor.warning(RemoteError.missingObject(remote: storage.label, object: object.name))
            return outcome
        }
        let path = scratch.nextPath()
        do {
            let file = try files.create(path)
            while true {
                if cancellation.isCancelled { throw TransferError.cancelled }
                outcome.requests += 1
                guard let piece = try storage.piece(of: name, at: outcome.bytes, count: pieceBytes) else { break }
                try file.write(piece)
                outcome.bytes += UInt64(piece.count)
                if object.isListing, outcome.bytes > UInt64(listingLimitBytes) {
                    throw RemoteError.tooLarge(
                        remote: storage.label, name: object.name, limitBytes: listingLimitBytes)
                }
                if piece.count == pieceBytes { continue }
                try file.close()
                outcome.isWhole = try cache.adopt(path, as: object)
                if !outcome.isWhole {
                    monitor.warning(
                        RemoteError.damaged(remote: storage.label, name: name.text, problem: "its MD5 is another"))
                }
                return outcome
            }
        } catch {
            _ = try? files.removeFile(path)
            throw error
        }
        _ = try? files.removeFile(path)
        monitor.warning(RemoteError.missingObject(remote: storage.label, object: name.text))
        return outcome
    }

    // MARK: Pulling

    /// What our own records know is not taken from DVC.
    func pull(
        _ options: FetchOptions, isForced: Bool, into opened: OpenProject, monitor: any Monitor
    ) throws -> FetchReport {
        var (report, tracked) = try fetch(options, into: opened, monitor: monitor)
        if options.isDryRun { return report }
        let ours = try opened.recordedData().data
        let cache = try DVCStore(ofProject: opened.project.root, fileSystem: opened.project.fileSystem)
        let scratch = try ScratchFolder(in: opened.project.temporaryFolder, fileSystem: opened.project.fileSystem)
        for item in tracked where ours.covering(item.path) == nil {
            let taken = try cache.take(item, into: opened.store, scratch: scratch, monitor: monitor)
            guard let fingerprint = taken.fingerprint else {
                throw RemoteError.damaged(
                    remote: storage.label, name: item.md5, problem: "DVC's cache lacks a part of it")
            }
            let placed = try opened.workspace.place(
                fingerprint, at: item.path, unsaved: isForced ? .overwrite : .refuse)
            if placed.hasChangedFiles { report.placed.append(item.path) }
        }
        return report
    }

    // MARK: What is meant

    private func selected(_ options: FetchOptions, _ opened: OpenProject) throws -> [DVCTracked] {
        let all = try dvcTracked(in: opened.dvcFiles()).filter(\.isCached)
        let targets = options.selection.targets
        if targets.isEmpty { return all }
        return try targets.flatMap { target -> [DVCTracked] in
            let ofStage = all.filter { $0.stage == target }
            if !ofStage.isEmpty { return ofStage }
            var path = try opened.projectPath(Array(target.utf8))
            if let subject = DVCPointer.subject(of: path) { path = subject }
            let found = all.filter { $0.path.isAtOrBelow(path) || path.isAtOrBelow($0.path) }
            if !found.isEmpty { return found }
            let known = all.map(\.path.description)
            throw OperationError.unknownTarget(name: target, nearest: nearestName(to: target, among: known))
        }
    }
}

extension OpenProject {
    /// The remote that is meant, if it is one of DVC's.
    func dvcRemote(_ options: FetchOptions, _ cancellation: Cancellation) throws -> DVCRemote? {
        let found = try project.findRemote(options.remote)
        if !found.settings.isDVC { return nil }
        var storage = try project.remoteStorage(options.remote, surroundings, cancellation: cancellation).storage
        if let rate = options.bytesPerSecond {
            storage = RateLimitedStorage(storage, bytesPerSecond: rate, cancellation: cancellation)
        }
        return DVCRemote(
            name: found.name, storage: storage, isVersionAware: found.settings.isVersionAware,
            jobs: options.jobs ?? 16, cancellation: cancellation)
    }
}

private let pieceBytes = 8 << 20
/// Of about half a million files.
private let listingLimitBytes = 64 << 20
