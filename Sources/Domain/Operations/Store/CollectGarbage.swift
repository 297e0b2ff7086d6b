package import Diagnostics
import Experiments
import Files
import Git
package import Objects
import Pipelines
import Workspaces

package struct CollectGarbageOptions: Sendable {
    /// Also what pointer files and lock files of the commits say that branches end at, those of remotes too.
    package var keepsBranches = false
    package var keepsTags = false
    /// Which runs keep what they read and made, and the logs of their stages. One that is going on always does, and
    /// artifacts are always kept.
    package var runs = KeepingRuns.all
    /// What was stored, or last needed, within that time stays.
    package var gracePeriod: Duration?
    package var isDryRun = false
    /// Projects that used the store and are no more.
    package var forgottenProjects: [[UInt8]] = []

    package init() {}
}

package enum KeepingRuns: String, Sendable, CaseIterable {
    /// Deleted ones, too.
    case all
    case undeleted
    case none
}

package struct CollectGarbageReport: Sendable {
    /// Objects that are kept for one reason.
    package struct Kept: Sendable {
        package var reason: String
        package var objectCount: Int
        package var storedBytes: UInt64
    }

    /// Removed; with a dry run, what would be.
    package var removed: [StoredObject]
    /// Each object under the first thing that refers to it.
    package var kept: [Kept]

    package var removedBytes: UInt64 { removed.reduce(0) { $0 + $1.storedBytes } }
}

/// Removes the objects that nothing refers to: no pointer file and no lock file of the workspace (and, if asked, of
/// commits), no run, no logged artifact, in any project that uses the store; and nothing that a running process needs.
///
/// Whatever cannot be read stops it before anything is removed: it might refer to what would be taken for garbage.
package func collectGarbage(
    _ options: CollectGarbageOptions, in surroundings: Surroundings, monitor: any Monitor
) throws -> CollectGarbageReport {
    let opened = try OpenProject(surroundings)
    guard try opened.store.exists() else { return CollectGarbageReport(removed: [], kept: []) }
    for text in options.forgottenProjects {
        try opened.store.unregister(AbsolutePath(bytes: text, relativeTo: surroundings.workingDirectory))
    }
    let collection = try GarbageCollection(of: opened.store)
    var live = LiveObjects(in: opened.store, monitor: monitor)
    try opened.markLive(&live, options)
    let others = try opened.otherProjects()
    for project in others { try project.markLive(&live, options) }
    if collection.isStoreInUse { try opened.markRunCache(&live) }

    monitor.progress(Progress(activity: "listing the store"))
    let young = options.gracePeriod.map { period in
        FileSystem.nowNanoseconds() - period.components.seconds * 1_000_000_000
    }
    var garbage: [StoredObject] = []
    var kept: [String: CollectGarbageReport.Kept] = [:]
    for object in try opened.store.storedObjects() {
        var reason = live.reason(for: object.id) ?? (collection.isInUse(object) ? inUse : nil)
        if let young, reason == nil, object.lastUsedNanoseconds > young { reason = tooYoung }
        guard let reason else {
            garbage.append(object)
            continue
        }
        kept[reason, default: .init(reason: reason, objectCount: 0, storedBytes: 0)].objectCount += 1
        kept[reason]?.storedBytes += object.storedBytes
    }
    monitor.progress(Progress(activity: "removing what nothing needs", totalItems: garbage.count))
    let removed = options.isDryRun ? try collection.removable(garbage) : try collection.remove(garbage)
    // What is checked out by links must stay a file of its own.
    let someoneLinks = ([opened] + others).contains { $0.project.config.linksDirectly }
    if !options.isDryRun {
        monitor.progress(Progress(activity: "bringing small objects together"))
        _ = try collection.compact(takesLoose: !someoneLinks)
        try RunCache(of: opened.project).removeAbandoned()
    }
    return CollectGarbageReport(
        removed: removed,
        kept: kept.values.sorted { ($1.storedBytes, $0.reason) < ($0.storedBytes, $1.reason) })
}

private let inUse = "a running process"
private let tooYoung = "stored or needed lately (--older-than)"

extension OpenProject {
    func otherProjects() throws -> [OpenProject] {
        try store.users().filter { $0 != project.root }.compactMap { root in
            let found = try Project(root: root, in: project.fileSystem)
            guard found.isInitialised else { throw DataError.lostProject(root) }
            // It may have moved to another store since.
            guard found.storeFolder == project.storeFolder else { return nil }
            var surroundings = surroundings
            surroundings.workingDirectory = root
            return try OpenProject(surroundings)
        }
    }

    /// `doomed`: runs that keep nothing, because they are about to go.
    func markLive(
        _ live: inout LiveObjects, _ options: CollectGarbageOptions = CollectGarbageOptions(),
        without doomed: Set<RunID> = []
    ) throws {
        let (data, problems) = try recordedData()
        if let problem = problems.first { throw problem }
        for record in data { try live.keep(record.fingerprint, because: record.reason) }
        // Content that was checked out of DVC's cache may be linked to.
        for tracked in try DVCData(self, besides: data).tracked {
            for digest in try workspace.digests(at: tracked.path) {
                live.keep(digest, because: "\(tracked.path) (tracked by DVC)")
            }
        }
        try markRuns(&live, options.runs, without: doomed)
        if options.keepsBranches || options.keepsTags {
            guard let repository = try gitRepository() else { return }
            for tip in try repository.tips(branches: options.keepsBranches, tags: options.keepsTags) {
                let (data, problems) = try recordedData(at: tip.commit, in: repository)
                if let problem = problems.first { throw problem }
                for record in data { try live.keep(record.fingerprint, because: "\(tip.name): \(record.reason)") }
            }
        }
    }

    /// What a run's stages and its code need.
    func mark(_ run: Run, in live: inout LiveObjects, because reason: String) throws {
        if let patch = run.git?.patch { live.keep(patch, because: reason) }
        for stage in try experiments.stages(run: run.id) {
            if let log = stage.log { live.keep(log, because: reason) }
            for file in stage.outputs + stage.inputs {
                if let fingerprint = file.fingerprint { try live.keep(fingerprint, because: reason) }
            }
        }
    }

    private func markRuns(
        _ live: inout LiveObjects, _ keeping: KeepingRuns, without doomed: Set<RunID>
    ) throws {
        let lifecycle: RunQuery.Lifecycle = keeping == .undeleted ? .active : .all
        for record in try experiments.listRuns(RunQuery(lifecycle: lifecycle, limit: .max, columns: .none)).records
        where !doomed.contains(record.run.id)
            && (keeping != .none || [.queued, .running].contains(record.run.status))
        {
            try mark(record.run, in: &live, because: "run \(record.run.name)")
        }
        let doomedFolders = Set(try doomed.map { try artifacts.artifactFolder(of: $0) })
        for entry in try RunQueue(project: project).entries() {
            for file in entry.files { try live.keep(file.fingerprint, because: "a queued run") }
        }
        for artifact in try artifacts.artifacts(atOrBelow: .root) {
            let folders = doomedFolders.isEmpty ? [] : Array(sequence(first: artifact.path, next: \.parent))
            if doomedFolders.isDisjoint(with: folders) { live.keep(artifact.digest, because: "logged artifacts") }
        }
    }

    fileprivate func markRunCache(_ live: inout LiveObjects) throws {
        let cache = try RunCache(of: project)
        for entry in try cache.entries() {
            let reason = "the run cache, which a running process may use"
            for output in entry.outputs { try live.keep(output.fingerprint, because: reason) }
            if let log = entry.log { live.keep(log, because: reason) }
        }
    }
}

extension RecordedData {
    fileprivate var reason: String {
        switch source {
        case .pointer: "\(path) (tracked)"
        case .stage(let stage): "\(path) (out of \(stage))"
        }
    }
}
