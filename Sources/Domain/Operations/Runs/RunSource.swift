import Diagnostics
import Experiments
import Objects
import Workspaces

/// Where runs are looked at, and moved to the bin and out of it: the project here, or a server. What is shown of them is made of the same values.
protocol RunSource: Sendable {
    func list(_ options: ListRunsOptions) throws -> RunPage
    /// `last`, a name (the latest of that name), an id, or the first digits of one.
    func record(_ reference: String) throws -> RunRecord
    func stages(_ run: Run) throws -> [StageExecution]
    /// Nil if there is none.
    func log(_ run: Run, _ stage: StageExecution) throws -> StageLogReport?
    /// What is in the bin, the latest first.
    func deletedRuns() throws -> [Run]
    /// Moves runs to the bin.
    func delete(_ runs: [Run]) throws
    /// Takes runs out of the bin.
    func undelete(_ runs: [Run]) throws
    /// Removes runs of the bin for good; nil: all. See `purgeRuns`.
    func purge(_ runs: [Run]?, isDryRun: Bool, monitor: any Monitor) throws -> PurgeRunsReport
    /// Nil if listings of folders cannot be had.
    var objects: ObjectStore? { get }
}

extension Surroundings {
    /// The server that is named, else the project around the working directory.
    func runSource() throws -> any RunSource {
        guard let address = trackingServer else { return try OpenProject(self) }
        return ServerRunSource(
            runs: RemoteRuns(try TrackingServer(url: address.url, token: address.token)))
    }
}

extension RunSource {
    /// The execution of a stage in a run.
    func requireStage(_ name: String, of run: Run) throws -> StageExecution {
        let stages = try stages(run)
        if let stage = stages.first(where: { $0.stage == name }) { return stage }
        throw OperationError.unknownStage(
            name: name, run: run.name, nearest: nearestName(to: name, among: stages.map(\.stage)))
    }
}

extension OpenProject: RunSource {
    func list(_ options: ListRunsOptions) throws -> RunPage {
        var query = RunQuery(limit: options.limit, columns: options.columns)
        query.lifecycle = options.includesDeleted ? .all : .active
        query.filter = try options.filter.map { try RunFilter(parsing: $0) }
        query.sort = try options.sort.flatMap { try RunSort.parse($0) }
        if let name = options.experiment {
            guard let experiment = try experiments.experiment(named: name) else {
                throw ExperimentError.noSuchExperiment(
                    name: name, nearest: nearestName(to: name, among: try experiments.experiments().map(\.name)))
            }
            query.experiments = [experiment.id]
        }
        return try experiments.listRuns(query)
    }

    func record(_ reference: String) throws -> RunRecord {
        let run = try requireRun(reference)
        return try experiments.record(run.id) ?? RunRecord(run: run)
    }

    func stages(_ run: Run) throws -> [StageExecution] { try experiments.stages(run: run.id) }

    func log(_ run: Run, _ stage: StageExecution) throws -> StageLogReport? {
        try StageLogs(
            experiments: experiments, objects: store, temporaryFolder: home.temporaryFolder,
            fileSystem: surroundings.fileSystem
        ).read(stage, of: run)
    }

    func deletedRuns() throws -> [Run] {
        try experiments.listRuns(RunQuery(lifecycle: .deleted, limit: .max, columns: .none)).records.map(\.run)
    }

    func delete(_ runs: [Run]) throws { try experiments.deleteRuns(runs.map(\.id), at: surroundings.clock.now()) }

    func undelete(_ runs: [Run]) throws { try experiments.restoreRuns(runs.map(\.id)) }

    var objects: ObjectStore? { store }
}

/// The runs of a server.
private struct ServerRunSource: RunSource {
    let runs: RemoteRuns

    func list(_ options: ListRunsOptions) throws -> RunPage {
        // A mistake is shown with its place, as if it were looked for here.
        _ = try options.filter.map { try RunFilter(parsing: $0) }
        _ = try options.sort.flatMap { try RunSort.parse($0) }
        return try runs.list(
            filter: options.filter, sort: options.sort, experiment: options.experiment, limit: options.limit,
            lifecycle: options.includesDeleted ? .all : .active)
    }

    func record(_ reference: String) throws -> RunRecord {
        do {
            return try runs.record(reference)
        } catch let error as TrackingServerError where error.kind == .notFound && reference == "last" {
            guard
                let latest = try runs.list(filter: nil, sort: [], experiment: nil, limit: 1, lifecycle: .active)
                    .records.first
            else { throw OperationError.noRuns }
            return latest
        }
    }

    func stages(_ run: Run) throws -> [StageExecution] { try runs.stages(run.id) }

    func log(_ run: Run, _ stage: StageExecution) throws -> StageLogReport? {
        StageLogReport(run: run, stage: stage, bytes: try runs.log(run: run.id, stage: stage.stage))
    }

    func deletedRuns() throws -> [Run] {
        try runs.list(filter: nil, sort: [], experiment: nil, limit: .max, lifecycle: .deleted).records.map(\.run)
    }

    func delete(_ chosen: [Run]) throws { try runs.act("delete", on: chosen) }

    func undelete(_ chosen: [Run]) throws { try runs.act("restore", on: chosen) }

    func purge(_ chosen: [Run]?, isDryRun: Bool, monitor: any Monitor) throws -> PurgeRunsReport {
        let bin = Dictionary(try deletedRuns().map { ($0.id, $0) }) { $1 }
        monitor.progress(Progress(activity: "asking the server"))
        let reply = try runs.purge(chosen?.map(\.id) ?? [], isDryRun: isDryRun)
        var report = PurgeRunsReport()
        report.runs = reply.purged.compactMap { bin[$0] }
        report.published = reply.published.compactMap { bin[$0] }
        (report.freedObjects, report.freedBytes) = reply.freed
        (report.sharedObjects, report.sharedBytes) = reply.shared
        return report
    }

    /// Listings are objects of the server's store, which it does not hand out.
    var objects: ObjectStore? { nil }
}
