package import Diagnostics
import Files
import Objects
import Pipelines
package import Remotes
package import Threads
import Workspaces

/// What a push would send and a fetch would bring.
package struct RemoteDifference: Sendable {
    package var remote: String
    /// In the store and not in the remote.
    package var push: PushPlan
    package var unpushedRuns: Int
    /// In the lock file and not in the store.
    package var fetch: FetchPlan
}

/// Compares what the lock file names with a remote. Changes nothing, but for the trees of folders that others pushed,
/// which are fetched: without them nothing can be said.
package func compareWithRemote(
    _ name: String?, in surroundings: Surroundings, cancellation: Cancellation, monitor: any Monitor
) throws -> RemoteDifference {
    let opened = try OpenProject(surroundings)
    let remote = try opened.openRemote(name, cancellation: cancellation)
    try remote.refresh(monitor: monitor)
    let resolved = try opened.resolve(TransferSelection())
    let fingerprints = try resolved.items.map(\.record).filter { record in
        try record.isStored || remote.lists(record.fingerprint.digest)
    }.map(\.fingerprint)
    let fetch = try remote.planFetch(
        fingerprints, into: opened.store, options: TransferOptions(cancellation: cancellation), monitor: monitor)
    var kept = resolved
    kept.items = try resolved.items.filter { try opened.workspace.isKept($0.record.fingerprint) }
    let content = try opened.content(of: kept, for: remote)
    let push = try remote.planPush(
        content.fingerprints, objects: content.logs, records: content.records, from: opened.store)
    let runs = try opened.runsToShare(with: remote).records.count
    return RemoteDifference(remote: remote.label, push: push, unpushedRuns: runs, fetch: fetch)
}
