package import Diagnostics
package import Objects

/// Where experiments and runs are kept. SQLite in a project, PostgreSQL for a team; one conformance suite holds both.
///
/// Every method is one transaction: what it writes is kept whole or not at all, and is seen by other processes once it
/// returns. Any thread may call. A method that is given the id of a run that is not there throws
/// `ExperimentError.noSuchRun`; one that would change a deleted run throws `.runDeleted`. Writing the same thing twice
/// is harmless, so that a caller may try again.
package protocol ExperimentStore: Sendable {
    // MARK: Experiments

    /// The experiment of this name, made if there is none. A deleted one is refused.
    func ensureExperiment(named name: String, at moment: Timestamp) throws -> Experiment
    /// Nil if there is none; deleted ones are found too.
    func experiment(named name: String) throws -> Experiment?
    /// By name; deleted ones too.
    func experiments() throws -> [Experiment]

    // MARK: Runs

    /// Throws `ExperimentError.skippedStagesUnknown`, and makes none, if what it is to skip is not known here.
    func createRun(_ run: NewRun) throws -> Run
    func changeRun(_ id: RunID, _ change: RunChange) throws
    /// As `changeRun`, but only if status and heartbeat are still what `observed` says; else false, and nothing is
    /// changed. For whoever judges a run that another process leads.
    func changeUnfinishedRun(_ observed: Run, _ change: RunChange) throws -> Bool
    /// Says that the run's process lives. A stalled run is running again.
    func heartbeat(_ id: RunID, at moment: Timestamp) throws
    /// Moves runs to the bin.
    func deleteRuns(_ ids: [RunID], at moment: Timestamp) throws
    /// Takes runs out of the bin.
    func restoreRuns(_ ids: [RunID]) throws
    /// Nil if there is none; a deleted one is found too.
    func run(_ id: RunID) throws -> Run?
    /// The latest first; deleted ones are passed over.
    func runs(named name: String) throws -> [Run]
    /// In the order of their ids; deleted ones are passed over.
    func runs(idPrefix: String, limit: Int) throws -> [Run]
    /// Those that are running or stalled.
    func unfinishedRuns() throws -> [Run]
    func listRuns(_ query: RunQuery) throws -> RunPage
    /// The run with everything it logged; nil if there is none.
    func record(_ id: RunID) throws -> RunRecord?

    // MARK: What runs log

    /// Refuses all of them if one is known with another value.
    func logParams(_ params: [Param], run: RunID) throws
    /// `stage`: the one that made the metrics, if one did.
    func logMetrics(_ metrics: [Metric], run: RunID, stage: String?) throws
    func setTags(_ tags: [Tag], run: RunID) throws
    /// By step, then time, then value; at most `limit` of those after `previous`.
    func metricPoints(run: RunID, key: String, after previous: MetricPoint?, limit: Int) throws -> [MetricPoint]
    /// Puts each stage execution in place of what is known of that stage in that run.
    func recordStages(_ executions: [StageExecution], run: RunID) throws
    /// In the order of the pipeline.
    func stages(run: RunID) throws -> [StageExecution]
    /// What the run skipped, if that is all it did and was recorded at once: another run that skips the same need not
    /// say it again. Nil else; few stages are not kept so.
    func skippedStages(run: RunID) throws -> SkippedStagesID?

    /// What names an object: by itself, not as a part of a folder.
    func references(to object: ObjectID) throws -> [ObjectReference]

    // MARK: Names, for completion and suggestions

    /// Names of the latest `limit` runs, each once, the latest first.
    func runNames(limit: Int) throws -> [String]
    /// Every key that any run has logged.
    func keys() throws -> LoggedKeys
}

/// Every key that any run of a store has logged, each list sorted.
package struct LoggedKeys: Sendable, Equatable {
    package var params: [String]
    package var metrics: [String]
    package var tags: [String]
    package var stages: [String]

    package init(params: [String], metrics: [String], tags: [String], stages: [String]) {
        self.params = params
        self.metrics = metrics
        self.tags = tags
        self.stages = stages
    }
}

extension ExperimentStore {
    package func recordStage(_ execution: StageExecution, run: RunID) throws {
        try recordStages([execution], run: run)
    }

    /// The run that the user means by an id, a name (the latest of that name) or the first digits of an id, in that
    /// order. Nil if there is none; several that begin alike are refused.
    package func findRun(_ reference: String) throws -> Run? {
        if let run = try run(RunID(reference)) { return run }
        if let run = try runs(named: reference).first { return run }
        if reference.isEmpty { return nil }
        let candidates = try runs(idPrefix: reference.lowercased(), limit: 10)
        if candidates.count > 1 {
            throw ExperimentError.ambiguousRun(
                reference: reference, candidates: candidates.map { "\($0.id.text.prefix(12)) \($0.name)" })
        }
        return candidates.first
    }

    /// As `findRun`; a reference that finds nothing is an error that suggests a near name.
    package func requireRun(_ reference: String) throws -> Run {
        if let run = try findRun(reference) { return run }
        throw ExperimentError.noSuchRun(
            reference: reference, nearest: nearestName(to: reference, among: try runNames(limit: 10_000)))
    }
}

extension LoggedKeys {
    /// The columns of which no run has anything, as errors that suggest a near one; a caller may as well only warn.
    package func unknown(among columns: [RunColumn]) -> [ExperimentError] {
        columns.compactMap { column in
            let known: [RunColumn] =
                switch column {
                case .attribute: [column]
                case .metric: metrics.map { .metric($0) }
                case .param: params.map { .param($0) }
                case .tag: tags.map { .tag($0) }
                case .stage(_, let field): stages.map { .stage($0, field) }
                }
            if known.contains(column) { return nil }
            // A metric that is meant as a param, or the reverse, is found by its key.
            let others =
                (metrics.map { .metric($0) } + params.map { .param($0) } + tags.map { .tag($0) }) as [RunColumn]
            let elsewhere = others.first { $0.keyName == column.keyName }
            let nearest = elsewhere?.description ?? nearestName(to: column.description, among: known.map(\.description))
            return .unknownColumn(column, nearest: nearest)
        }
    }
}
