package import Diagnostics
import Experiments
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
    package var selection = TransferSelection()
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
    /// What other commits record, and neither this machine nor the remote has.
    package var notHere: [String] = []
}

/// Sends what lock file and pointer files name and the remote lacks: tracked data, outs, logs, and the stages' entries
/// of the run cache, so that who fetches them need not run anything. Without targets also every run that is over, with
/// what it logged.
package func pushToRemote(
    _ options: PushOptions, in surroundings: Surroundings, cancellation: Cancellation, monitor: any Monitor
) throws -> PushReport {
    let opened = try OpenProject(surroundings)
    let remote = try opened.openRemote(
        options.remote, bytesPerSecond: options.bytesPerSecond, cancellation: cancellation)
    let resolved = try opened.resolve(options.selection)
    try remote.refresh(monitor: monitor)
    var content = try opened.content(of: resolved, for: remote)
    if options.selection.includesRunCache { try opened.addRunCache(to: &content) }
    let runs = try opened.runsToPush(resolved, options.selection, remote)
    content.fingerprints += runs.fingerprints
    let plan = try remote.planPush(
        content.fingerprints, objects: content.logs + runs.objects, records: content.records + runs.records,
        from: opened.store)
    var report = PushReport(
        remote: remote.label, plan: plan, transfer: nil, runCount: runs.records.count, notHere: content.notHere)
    if options.isDryRun { return report }
    report.transfer = try remote.push(
        plan, from: opened.store, options: TransferOptions(jobs: options.jobs ?? 4, cancellation: cancellation),
        monitor: monitor)
    return report
}

/// What is sent of a selection.
struct PushContent {
    var fingerprints: [Fingerprint] = []
    var logs: [Digest] = []
    var records: [RemoteRecord] = []
    var notHere: [String] = []
}

extension OpenProject {
    func content(of selection: ResolvedSelection, for remote: Remote) throws -> PushContent {
        var content = PushContent()
        for item in selection.items {
            let isKept = try workspace.isKept(item.record.fingerprint)
            if !isKept, !item.record.isStored { continue }
            if !isKept, item.revision != nil {
                if try !remote.lists(item.record.fingerprint.digest) { content.notHere.append(item.words) }
                continue
            }
            if let fingerprint = try fingerprint(of: item) {
                content.fingerprints.append(fingerprint)
            } else {
                throw DataError.notInRecord(item.path, record: item.record.path)
            }
        }
        let lock = try LockFileStore(root: project.root, locks: project.locksFolder, fileSystem: project.fileSystem)
        let runCache = try RunCache(of: project)
        for (name, stage) in lock.current.stages.sorted(by: { $0.key < $1.key })
        where selection.stages.contains(name.text) {
            guard let entry = try runCache.entry(for: StageKey(stage.inputs)) else { continue }
            try add(entry, to: &content)
        }
        return content
    }

    private func add(_ entry: RunCacheEntry, to content: inout PushContent) throws {
        if let log = entry.log, try store.contains(log) { content.logs.append(log) }
        let text = Array(entry.json.text().utf8)
        if let record = RemoteRecord(kind: .runCache, name: entry.key.description, content: try store.put(text)) {
            content.records.append(record)
        }
    }

    /// All entries whose outs are here.
    fileprivate func addRunCache(to content: inout PushContent) throws {
        for entry in try RunCache(of: project).entries() {
            let outputs = entry.outputs.map(\.fingerprint)
            if try !outputs.allSatisfy({ try workspace.isKept($0) }) { continue }
            content.fingerprints += outputs
            try add(entry, to: &content)
        }
    }

    /// Without targets all that are over; else those that are named, with all that they made.
    fileprivate func runsToPush(
        _ selection: ResolvedSelection, _ asked: TransferSelection, _ remote: Remote
    ) throws -> (records: [RemoteRecord], objects: [Digest], fingerprints: [Fingerprint]) {
        if asked.targets.isEmpty {
            let shared = try runsToShare(with: remote)
            return (shared.records, shared.objects, [])
        }
        var runs: [Run] = []
        for name in selection.others {
            let isKnown = try name == "last" || experiments.findRun(name) != nil
            guard isKnown else { throw try unknownTarget(name) }
            runs.append(try requireRun(name))
        }
        if let running = runs.first(where: { !$0.status.isOver }) { throw OperationError.isRunning(run: running.name) }
        let shared = try runsToShare(with: remote, only: Set(runs.map(\.id)))
        let files = try runs.flatMap { try experiments.stages(run: $0.id).flatMap(\.outputs) }
        let kept = try files.compactMap(\.fingerprint).filter { try workspace.isKept($0) }
        return (shared.records, shared.objects, kept)
    }
}
