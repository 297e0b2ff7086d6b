package import Diagnostics
import Files
import JSON
import Objects
import Pipelines
package import Remotes
package import Threads
import Workspaces

package struct PushOptions: Sendable {
    /// Nil: the default one.
    package var remote: String?
    /// Stages or outs of the lock file; empty: all of them.
    package var targets: [String] = []
    package var jobs: Int?
    /// Over all transfers together.
    package var bytesPerSecond: Int?
    package var isDryRun = false

    package init() {}
}

package struct PushReport: Sendable {
    package var remote: String
    package var plan: PushPlan
    /// Nil for a dry run.
    package var transfer: TransferReport?
    /// Those that the remote did not have.
    package var runCount: Int
}

/// Sends what lock file and pointer files name and the remote lacks: tracked data, outs, logs, and the stages' entries of the run cache, so that
/// who fetches them need not run anything. Without targets also every run that is over, with what it logged.
package func pushToRemote(
    _ options: PushOptions, in surroundings: Surroundings, cancellation: Cancellation, monitor: any Monitor
) throws -> PushReport {
    let opened = try OpenProject(surroundings)
    let remote = try opened.openRemote(
        options.remote, bytesPerSecond: options.bytesPerSecond, cancellation: cancellation)
    let wanted = try opened.lockedContent(options.targets)
    try remote.refresh(monitor: monitor)
    let runs = options.targets.isEmpty ? try opened.runsToShare(with: remote) : (records: [], objects: [])
    let plan = try remote.planPush(
        wanted.outputs.map(\.fingerprint), objects: wanted.logs + runs.objects,
        records: wanted.records + runs.records, from: opened.store)
    if options.isDryRun {
        return PushReport(remote: remote.label, plan: plan, transfer: nil, runCount: runs.records.count)
    }
    let transfer = try remote.push(
        plan, from: opened.store, options: TransferOptions(jobs: options.jobs ?? 4, cancellation: cancellation),
        monitor: monitor)
    return PushReport(remote: remote.label, plan: plan, transfer: transfer, runCount: runs.records.count)
}

/// What the lock file's stages made, and the data that pointer files name.
struct LockedContent {
    var outputs: [LockedOutput] = []
    var logs: [Digest] = []
    var records: [RemoteRecord] = []
}

extension OpenProject {
    /// Of the stages, outs and tracked paths that are named, or of all.
    func lockedContent(_ targets: [String]) throws -> LockedContent {
        let lock = try LockFileStore(root: project.root, locks: project.locksFolder, fileSystem: project.fileSystem)
        let runCache = RunCache(folder: project.runCacheFolder, fileSystem: project.fileSystem)
        let stages = lock.current.stages.sorted { $0.key < $1.key }
        var content = LockedContent()
        var found: Set<String> = []
        for (name, stage) in stages {
            let outputs = stage.outputs.filter { output in
                let names = [name.text, output.path.description]
                found.formUnion(names.filter(targets.contains))
                return targets.isEmpty || names.contains(where: targets.contains)
            }
            content.outputs += outputs
            if outputs.isEmpty && !(targets.isEmpty || targets.contains(name.text)) { continue }
            if targets.contains(name.text) { found.insert(name.text) }
            guard outputs.count == stage.outputs.count, let entry = try runCache.entry(for: StageKey(stage.inputs))
            else { continue }
            if let log = entry.log, try store.contains(log) { content.logs.append(log) }
            let text = Array(entry.json.text().utf8)
            if let record = RemoteRecord(kind: .runCache, name: entry.key.description, content: try store.put(text)) {
                content.records.append(record)
            }
        }
        let pointers = try workspace.pointerFiles()
        if let problem = pointers.problems.first { throw problem }
        for pointer in pointers.pointers where pointer.isStored {
            let names = [pointer.path.description, pointer.place.description]
            found.formUnion(names.filter(targets.contains))
            if targets.isEmpty || names.contains(where: targets.contains) {
                content.outputs.append(LockedOutput(path: pointer.path, fingerprint: pointer.fingerprint))
            }
        }
        if let missing = targets.first(where: { !found.contains($0) }) {
            let known =
                stages.flatMap { [$0.key.text] + $0.value.outputs.map(\.path.description) }
                + pointers.pointers.map(\.path.description)
            throw OperationError.unknownTarget(name: missing, nearest: nearestName(to: missing, among: known))
        }
        return content
    }
}
