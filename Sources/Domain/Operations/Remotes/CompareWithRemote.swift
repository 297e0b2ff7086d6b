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
    let locked = try opened.lockedContent([])
    let fingerprints = locked.outputs.map(\.fingerprint)
    let fetch = try remote.planFetch(
        fingerprints, into: opened.store, options: TransferOptions(cancellation: cancellation), monitor: monitor)
    let kept = try fingerprints.filter { try opened.workspace.isKept($0) }
    let push = try remote.planPush(kept, objects: locked.logs, records: locked.records, from: opened.store)
    let runs = try opened.runsToShare(with: remote).records.count
    return RemoteDifference(remote: remote.label, push: push, unpushedRuns: runs, fetch: fetch)
}
