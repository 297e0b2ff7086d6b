package import Diagnostics
package import Experiments
import Files
import Objects

package struct PurgeRunsReport: Sendable {
    /// Those that went, or would.
    package var runs: [Run] = []
    /// Those that stay, since a published version of a model is made of their files.
    package var published: [Run] = []
    /// Of objects that nothing else needs, on the disk: `repro gc` frees them.
    package var freedObjects = 0
    package var freedBytes: UInt64 = 0
    /// Of objects that these runs need, and something else, too.
    package var sharedObjects = 0
    package var sharedBytes: UInt64 = 0

    package init() {}
}

/// Removes runs that are in the bin for good: those that are named, or all. With `isDryRun` it only says what would be
/// removed, and how much of the store that frees.
package func purgeRuns(
    _ references: [String], isDryRun: Bool, in surroundings: Surroundings, monitor: any Monitor
) throws -> PurgeRunsReport {
    try purgeRuns(references, isDryRun: isDryRun, of: surroundings.runSource(), monitor: monitor)
}

/// The same for a server, whose runs are in `tracking` and whose objects are the project's.
package func purgeRuns(
    _ references: [String], isDryRun: Bool, in surroundings: Surroundings, tracking: any TrackingStore
) throws -> PurgeRunsReport {
    let opened = try OpenProject(surroundings, tracking: tracking)
    return try purgeRuns(references, isDryRun: isDryRun, of: opened, monitor: SilentMonitor())
}

private func purgeRuns(
    _ references: [String], isDryRun: Bool, of source: any RunSource, monitor: any Monitor
) throws -> PurgeRunsReport {
    let bin = try source.deletedRuns()
    // Named, they are asked for; else it is all that can go.
    let runs = try references.isEmpty ? nil : references.map { try requireRun($0, in: bin) }
    if bin.isEmpty { return PurgeRunsReport() }
    return try source.purge(runs, isDryRun: isDryRun, monitor: monitor)
}

extension OpenProject {
    func purge(_ chosen: [Run]?, isDryRun: Bool, monitor: any Monitor) throws -> PurgeRunsReport {
        var report = PurgeRunsReport()
        let published = try publishedRuns()
        for run in try chosen ?? deletedRuns() {
            if let version = published[run.id] {
                if chosen != nil {
                    throw OperationError.runIsPublished(run: run.name, model: version.model, version: version.number)
                }
                report.published.append(run)
            } else {
                report.runs.append(run)
            }
        }
        try measure(&report, monitor)
        if !isDryRun { try administration.purgeRuns(report.runs.map(\.id)) }
        return report
    }

    /// Which of its objects the store keeps for these runs alone.
    private func measure(_ report: inout PurgeRunsReport, _ monitor: any Monitor) throws {
        guard !report.runs.isEmpty, try store.exists() else { return }
        monitor.progress(Progress(activity: "looking at what else is needed"))
        var live = LiveObjects(in: store)
        try markLive(&live, without: Set(report.runs.map(\.id)))
        for other in try otherProjects() { try other.markLive(&live) }
        var theirs = LiveObjects(in: store)
        for run in report.runs {
            monitor.progress(Progress(activity: "measuring run \(run.name)"))
            try mark(run, in: &theirs, because: "run")
            for artifact in try artifacts.artifacts(atOrBelow: artifacts.artifactFolder(of: run.id)) {
                theirs.keep(artifact.digest, because: "run")
            }
        }
        for object in try store.storedObjects() where theirs.reason(for: object.id) != nil {
            if live.reason(for: object.id) == nil {
                report.freedObjects += 1
                report.freedBytes += object.storedBytes
            } else {
                report.sharedObjects += 1
                report.sharedBytes += object.storedBytes
            }
        }
    }

    /// Runs below whose artifacts a version of a registered model has its files.
    private func publishedRuns() throws -> [RunID: ModelVersion] {
        var runs: [RunID: ModelVersion] = [:]
        for version in try models.versions(model: nil) {
            guard let folder = try? artifactPath(of: version) else { continue }
            // `…/<run>/artifacts/…`: the run is above the last folder of that name that one has.
            for place in sequence(first: folder, next: \.parent) where place.name == Array("artifacts".utf8) {
                guard let name = place.parent?.name else { continue }
                let run = RunID(String(decoding: name, as: UTF8.self))
                if try experiments.run(run) != nil { runs[run] = version }
            }
        }
        return runs
    }
}
