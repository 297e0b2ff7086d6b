package import Experiments
package import Files
package import Objects
import Pipelines

/// Where logs are: of stages that are done in the store, of those that run now in files of their own.
package struct StageLogs: Sendable {
    private let experiments: any ExperimentStore
    private let objects: ObjectStore
    /// The project's folder for temporary files.
    private let temporaryFolder: AbsolutePath
    private let fileSystem: FileSystem

    package init(
        experiments: any ExperimentStore, objects: ObjectStore, temporaryFolder: AbsolutePath, fileSystem: FileSystem
    ) {
        self.experiments = experiments
        self.objects = objects
        self.temporaryFolder = temporaryFolder
        self.fileSystem = fileSystem
    }

    /// Nil if there is none.
    package func read(_ stage: StageExecution, of run: Run) throws -> StageLogReport? {
        if let log = stage.log { return StageLogReport(run: run, stage: stage, bytes: try objects.read(log)) }
        if stage.state == .running {
            let path = liveLogPath(of: StageName(stage.stage), in: liveLogs(of: run.id, in: temporaryFolder))
            let bytes = try fileSystem.readIfPresent(path) ?? []
            return StageLogReport(run: run, stage: stage, bytes: bytes)
        }
        guard let (writer, execution) = try execution(that: stage), let log = execution.log else { return nil }
        return StageLogReport(run: run, stage: stage, bytes: try objects.read(log), writtenBy: writer)
    }

    /// The execution that made what `skipped` took over: the latest one, before it, with the same key and a log.
    private func execution(that skipped: StageExecution) throws -> (Run, StageExecution)? {
        guard let key = skipped.key, skipped.state == .skipped || skipped.state == .cached else { return nil }
        let page = try experiments.listRuns(RunQuery(limit: 1_000, columns: .none))
        for record in page.records {
            let stages = try experiments.stages(run: record.run.id)
            if let found = stages.first(where: { $0.stage == skipped.stage && $0.key == key && $0.log != nil }) {
                return (record.run, found)
            }
        }
        return nil
    }
}
