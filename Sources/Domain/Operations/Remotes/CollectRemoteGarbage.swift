package import Diagnostics
import Experiments
import Files
import Git
import JSON
import Objects
import Pipelines
package import Remotes
package import Threads
import Workspaces

package struct CollectRemoteGarbageOptions: Sendable {
    /// Nil: the default one.
    package var remote: String?
    /// Of Git only what is checked out counts, and not what branches and tags say.
    package var keepsWorkspaceOnly = false
    /// Runs that the remote has, and this project has not, or has in the bin, are forgotten.
    package var forgetsRuns = false
    package var collection = RemoteGarbageOptions()

    package init() {}
}

package struct CollectRemoteGarbageReport: Sendable {
    package var remote: String
    package var collection: RemoteGarbageReport
}

/// Removes from a remote what nothing refers to: no pointer file and no lock file of the workspace, of branches and of
/// tags, no run of this project or of the remote, and no push of the grace period.
///
/// Whatever cannot be read stops it before anything is removed: it might refer to what would be taken for garbage.
package func collectRemoteGarbage(
    _ options: CollectRemoteGarbageOptions, in surroundings: Surroundings, cancellation: Cancellation,
    monitor: any Monitor
) throws -> CollectRemoteGarbageReport {
    let opened = try OpenProject(surroundings)
    let remote = try opened.openRemote(options.remote, cancellation: cancellation)
    var collection = options.collection
    collection.transfer.cancellation = cancellation
    try opened.store.beginWork()
    let report = try remote.collectGarbage(
        keeping: { try opened.roots(of: remote, options, collection.transfer, monitor) }, using: opened.store,
        options: collection, monitor: monitor)
    return CollectRemoteGarbageReport(remote: remote.label, collection: report)
}

extension OpenProject {
    fileprivate func roots(
        of remote: Remote, _ options: CollectRemoteGarbageOptions, _ transfer: TransferOptions, _ monitor: any Monitor
    ) throws -> RemoteRoots {
        var roots = try recordedRoots(options)
        roots += try localRunRoots()
        let forgotten = options.forgetsRuns ? try runsNotHere(in: remote) : []
        roots += try sharedRunRoots(remote, forgotten, transfer, monitor)
        let kept = try keptCacheEntries(remote, roots, transfer, monitor)
        roots += kept.logs
        let keptRecords = kept.records
        return RemoteRoots(roots) { record in
            switch record.kind {
            case .run: !forgotten.contains(record.name)
            case .runCache: keptRecords.contains(record)
            case .claim: false
            }
        }
    }

    private func recordedRoots(_ options: CollectRemoteGarbageOptions) throws -> [RemoteRoot] {
        let (data, problems) = try recordedData()
        if let problem = problems.first { throw problem }
        var roots = data.map { RemoteRoot($0.fingerprint, because: $0.words) }
        if options.keepsWorkspaceOnly { return roots }
        guard let repository = try gitRepository() else { return roots }
        for tip in try repository.tips(branches: true, tags: true) {
            let (data, problems) = try recordedData(at: tip.commit, in: repository)
            if let problem = problems.first { throw problem }
            roots += data.map { RemoteRoot($0.fingerprint, because: "\(tip.name): \($0.words)") }
        }
        return roots
    }

    private func localRunRoots() throws -> [RemoteRoot] {
        var roots: [RemoteRoot] = []
        for record in try experiments.listRuns(RunQuery(lifecycle: .active, limit: .max, columns: .none)).records {
            let stages = try experiments.stages(run: record.run.id)
            roots += Self.roots(of: record.run, stages)
        }
        for entry in try RunQueue(project: project).entries() {
            roots += entry.files.map { RemoteRoot($0.fingerprint, because: "a queued run") }
        }
        roots += try artifacts.artifacts(atOrBelow: .root).map { RemoteRoot($0.digest, because: "logged artifacts") }
        return roots
    }

    private static func roots(of run: Run, _ stages: [StageExecution]) -> [RemoteRoot] {
        let reason = "run \(run.name)"
        var roots: [RemoteRoot] = []
        if let patch = run.git?.patch { roots.append(RemoteRoot(patch, because: reason)) }
        for stage in stages {
            if let log = stage.log { roots.append(RemoteRoot(log, because: reason)) }
            roots += (stage.outputs + stage.inputs).compactMap { file in
                file.fingerprint.map { RemoteRoot($0, because: reason) }
            }
        }
        return roots
    }

    private func runsNotHere(in remote: Remote) throws -> Set<String> {
        let here = try experiments.listRuns(RunQuery(lifecycle: .active, limit: .max, columns: .none)).records
        return try remote.recordNames(.run).subtracting(here.map(\.run.id.text))
    }

    private func sharedRunRoots(
        _ remote: Remote, _ forgotten: Set<String>, _ transfer: TransferOptions, _ monitor: any Monitor
    ) throws -> [RemoteRoot] {
        let records = try remote.fetchRecords(.run, into: store, options: transfer, monitor: monitor) {
            !forgotten.contains($0)
        }
        let wanted = try remote.recordNames(.run).subtracting(forgotten)
        if let lost = wanted.subtracting(records.map(\.name)).min() { throw unreadable(lost, in: remote) }
        return try records.flatMap { record in
            guard let value = try? JSONValue(parsing: store.read(record.content)), let shared = SharedRun(json: value)
            else { throw unreadable(record.name, in: remote) }
            return Self.roots(of: shared.run, shared.stages)
        }
    }

    private func unreadable(_ run: String, in remote: Remote) -> RemoteError {
        .damaged(remote: remote.label, name: "the record of run \(run)", problem: "it cannot be read")
    }

    /// The entries of the run cache whose outs stay in any case, and their logs.
    private func keptCacheEntries(
        _ remote: Remote, _ roots: [RemoteRoot], _ transfer: TransferOptions, _ monitor: any Monitor
    ) throws -> (records: Set<RemoteRecord>, logs: [RemoteRoot]) {
        let kept = Set(
            roots.compactMap { root in
                if case .tree(let fingerprint) = root.content { fingerprint } else { nil }
            })
        var records: Set<RemoteRecord> = []
        var logs: [RemoteRoot] = []
        for record in try remote.fetchRecords(.runCache, into: store, options: transfer, monitor: monitor) {
            guard let value = try? JSONValue(parsing: store.read(record.content)),
                let entry = RunCacheEntry(json: value),
                entry.outputs.allSatisfy({ kept.contains($0.fingerprint) })
            else { continue }
            records.insert(record)
            if let log = entry.log { logs.append(RemoteRoot(log, because: "the run cache")) }
        }
        return (records, logs)
    }
}

extension RecordedData {
    fileprivate var words: String {
        switch source {
        case .pointer: "\(path) (tracked)"
        case .stage(let stage): "\(path) (out of \(stage))"
        }
    }
}
