package import Diagnostics
import Experiments
package import Files
import JSON
import Objects
import Pipelines
package import Remotes
package import Threads
import Workspaces

package struct FetchOptions: Sendable {
    /// Nil: the default one.
    package var remote: String?
    package var selection = TransferSelection()
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
    /// What a dry run would fetch from a remote of DVC's.
    package var dvcObjects: [String]?
    /// What was changed in the workspace, for a pull.
    package var placed: [RelativePath] = []
}

/// Brings what lock file and pointer files name into the store, with what the remote knows of how its stages were made;
/// without targets also the runs of others. The workspace is not touched.
package func fetchFromRemote(
    _ options: FetchOptions, in surroundings: Surroundings, cancellation: Cancellation, monitor: any Monitor
) throws -> FetchReport {
    let opened = try OpenProject(surroundings)
    if let dvc = try opened.dvcRemote(options, cancellation) {
        return try dvc.fetch(options, into: opened, monitor: monitor).report
    }
    return try Fetch(options, opened, cancellation, monitor).run().report
}

/// Fetches, then puts what is recorded now into the workspace. What is there and in no store is not overwritten, unless
/// forced.
package func pullFromRemote(
    _ options: FetchOptions, isForced: Bool, in surroundings: Surroundings, cancellation: Cancellation,
    monitor: any Monitor
) throws -> FetchReport {
    let opened = try OpenProject(surroundings)
    if let dvc = try opened.dvcRemote(options, cancellation) {
        return try dvc.pull(options, isForced: isForced, into: opened, monitor: monitor)
    }
    let fetch = try Fetch(options, opened, cancellation, monitor)
    var (report, items) = try fetch.run()
    if options.isDryRun { return report }
    let workspace = opened.workspace
    for item in items where item.revision == nil {
        if !item.record.isStored, try !workspace.isKept(item.record.fingerprint) { continue }
        guard let below = item.path.relative(to: item.record.path),
            let content = try workspace.content(at: below, in: item.record.fingerprint)
        else { throw DataError.notInRecord(item.path, record: item.record.path) }
        let placed = try workspace.place(
            content, at: item.path, unsaved: isForced ? .overwrite : .refuse, monitor: monitor)
        if placed.hasChangedFiles { report.placed.append(item.path) }
    }
    return report
}

/// One fetch, under way.
private struct Fetch {
    let options: FetchOptions
    let opened: OpenProject
    let remote: Remote
    let transfer: TransferOptions
    let monitor: any Monitor

    init(
        _ options: FetchOptions, _ opened: OpenProject, _ cancellation: Cancellation, _ monitor: any Monitor
    ) throws {
        self.options = options
        self.monitor = monitor
        self.opened = opened
        remote = try opened.openRemote(
            options.remote, bytesPerSecond: options.bytesPerSecond, cancellation: cancellation)
        transfer = TransferOptions(jobs: options.jobs ?? 8, cancellation: cancellation)
    }

    func run() throws -> (report: FetchReport, items: [SelectedItem]) {
        let resolved = try opened.resolve(options.selection)
        // What is here stays, from before we look.
        try opened.store.beginWork()
        try remote.refresh(monitor: monitor)
        let runs = try resolved.others.flatMap { try sharedRuns(named: $0) }
        var wanted = try resolved.items.compactMap { try fingerprint(of: $0) }
        wanted += try runs.flatMap { run in
            try run.stages.flatMap(\.outputs).compactMap(\.fingerprint).filter { try remote.lists($0.digest) }
        }
        if options.selection.includesRunCache { wanted += try runCacheOutputs() }
        if try remote.isUnused(), try wanted.contains(where: { try !opened.store.contains($0.digest) }) {
            throw RemoteError.notARemote(remote: remote.label)
        }
        let objects = try runs.flatMap(\.objects).filter { try remote.lists($0) }
        if options.isDryRun {
            let plan = try remote.planFetch(
                wanted, objects: objects, into: opened.store, options: transfer, monitor: monitor)
            return (FetchReport(remote: remote.label, plan: plan), resolved.items)
        }
        var report = FetchReport(remote: remote.label)
        report.transfer = try remote.fetch(
            wanted, objects: objects, into: opened.store, options: transfer, monitor: monitor)
        report.newCacheEntries = try takeRunCache()
        if options.selection.targets.isEmpty {
            report.newRuns = try opened.takeRuns(from: remote, transfer, monitor)
        } else if !runs.isEmpty {
            let ids = Set(runs.map(\.run.id.text))
            report.newRuns = try opened.takeRuns(from: remote, transfer, monitor) { ids.contains($0) }
        }
        return (report, resolved.items)
    }

    /// What is to be fetched of an item; nil for what nobody keeps. Listings on the way to it are fetched.
    private func fingerprint(of item: SelectedItem) throws -> Fingerprint? {
        let record = item.record
        if !record.isStored, try !remote.lists(record.fingerprint.digest) { return nil }
        guard let below = item.path.relative(to: record.path) else { return nil }
        var content = Tree.Content(record.fingerprint)
        for name in below.components {
            guard case .folder(let tree, _, _) = content else { break }
            try remote.fetch([], objects: [tree], into: opened.store, options: transfer, monitor: monitor)
            let entry = try opened.store.readTree(tree).entries.first { $0.name.elementsEqual(name) }
            guard let entry else { throw DataError.notInRecord(item.path, record: record.path) }
            content = entry.content
        }
        return try opened.fingerprint(of: item)
    }

    private func sharedRuns(named name: String) throws -> [SharedRun] {
        let records = try remote.fetchRecords(.run, into: opened.store, options: transfer, monitor: monitor)
        let runs = records.compactMap { record -> SharedRun? in
            let value = try? JSONValue(parsing: opened.store.read(record.content))
            return value.flatMap(SharedRun.init(json:)).flatMap { $0.run.id.text == record.name ? $0 : nil }
        }
        let found = runs.filter { $0.run.name == name || $0.run.id.text == name }
        if found.isEmpty { throw try opened.unknownTarget(name) }
        return found
    }

    // MARK: The run cache

    private func entries() throws -> [RunCacheEntry] {
        try remote.fetchRecords(.runCache, into: opened.store, options: transfer, monitor: monitor).compactMap {
            record in
            guard let value = try? JSONValue(parsing: opened.store.read(record.content)),
                let entry = RunCacheEntry(json: value), entry.key.description == record.name
            else { return nil }
            return entry
        }
    }

    private func runCacheOutputs() throws -> [Fingerprint] {
        try entries().flatMap(\.outputs).map(\.fingerprint).filter { try remote.lists($0.digest) }
    }

    /// Takes over the entries of the run cache that are not known here. Their outs come when they are needed.
    private func takeRunCache() throws -> Int {
        let runCache = try RunCache(of: opened.project)
        var count = 0
        for entry in try entries() where try runCache.entry(for: entry.key) == nil {
            try runCache.save(entry)
            count += 1
        }
        return count
    }
}
