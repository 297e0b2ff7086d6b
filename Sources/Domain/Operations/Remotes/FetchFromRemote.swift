package import Diagnostics
import Files
import JSON
import Objects
package import Pipelines
package import Remotes
package import Threads
import Workspaces

package struct FetchOptions: Sendable {
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

package struct FetchReport: Sendable {
    package var remote: String
    package var plan: FetchPlan?
    /// Nil for a dry run.
    package var transfer: TransferReport?
    /// Entries of the run cache that are new here.
    package var newCacheEntries = 0
    /// Runs of others that are new here.
    package var newRuns = 0
    /// What was put into the workspace, for a pull.
    package var placed: [LockedOutput] = []
}

/// Brings what the lock file names into the store, with what the remote knows of how its stages were made; without
/// targets also the runs of others. The workspace is not touched.
package func fetchFromRemote(
    _ options: FetchOptions, in surroundings: Surroundings, cancellation: Cancellation, monitor: any Monitor
) throws -> FetchReport {
    try OpenProject(surroundings).fetch(options, cancellation, monitor)
}

/// Fetches, then puts the outs into the workspace. What is there and in no store is not overwritten, unless forced.
package func pullFromRemote(
    _ options: FetchOptions, isForced: Bool, in surroundings: Surroundings, cancellation: Cancellation,
    monitor: any Monitor
) throws -> FetchReport {
    let opened = try OpenProject(surroundings)
    var report = try opened.fetch(options, cancellation, monitor)
    if options.isDryRun { return report }
    for output in try opened.lockedContent(options.targets).outputs {
        try opened.workspace.place(output.fingerprint, at: output.path, unsaved: isForced ? .overwrite : .refuse)
        report.placed.append(output)
    }
    return report
}

extension OpenProject {
    fileprivate func fetch(
        _ options: FetchOptions, _ cancellation: Cancellation, _ monitor: any Monitor
    ) throws -> FetchReport {
        let remote = try openRemote(options.remote, bytesPerSecond: options.bytesPerSecond, cancellation: cancellation)
        let outputs = try lockedContent(options.targets).outputs.map(\.fingerprint)
        let transferOptions = TransferOptions(jobs: options.jobs ?? 8, cancellation: cancellation)
        try remote.refresh(monitor: monitor)
        if options.isDryRun {
            let plan = try remote.planFetch(outputs, into: store, options: transferOptions, monitor: monitor)
            return FetchReport(remote: remote.label, plan: plan)
        }
        var report = FetchReport(remote: remote.label)
        report.transfer = try remote.fetch(outputs, into: store, options: transferOptions, monitor: monitor)
        report.newCacheEntries = try fetchRunCache(from: remote, transferOptions, monitor)
        if options.targets.isEmpty { report.newRuns = try takeRuns(from: remote, transferOptions, monitor) }
        return report
    }

    /// Takes over the entries of the run cache that are not known here. Their outs come when they are needed.
    private func fetchRunCache(
        from remote: Remote, _ options: TransferOptions, _ monitor: any Monitor
    ) throws -> Int {
        let runCache = RunCache(folder: project.runCacheFolder, fileSystem: project.fileSystem)
        var count = 0
        for record in try remote.fetchRecords(.runCache, into: store, options: options, monitor: monitor) {
            guard let value = try? JSONValue(parsing: store.read(record.content)),
                let entry = RunCacheEntry(json: value), entry.key.description == record.name,
                try runCache.entry(for: entry.key) == nil
            else { continue }
            try runCache.save(entry)
            count += 1
        }
        return count
    }
}
