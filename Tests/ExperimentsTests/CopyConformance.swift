import Diagnostics
import Files
import JSON
import Objects
import SQL
import SQLite
import TestSupport
import Testing

@testable import Experiments

@Suite struct CopyConformance {
    @Test(arguments: StoreUnderTest.allCases, StoreUnderTest.allCases)
    func `a copy holds all that the source holds, and its next rows have new numbers`(
        from: StoreUnderTest, to: StoreUnderTest
    ) throws {
        let source = try #require(try from.make() as? SQLExperimentStore)
        let target = try #require(try to.make() as? SQLExperimentStore)
        try fill(source)
        let tables = try source.copyAll(to: target, .refuseOthers, monitor: SilentMonitor())
        #expect(tables.first { $0.table == "runs" }?.count == 3)
        let query = RunQuery(lifecycle: .all)
        let (records, expected) = try (target.listRuns(query).records, source.listRuns(query).records)
        #expect(records.map(\.run.id) == expected.map(\.run.id))
        #expect(records.map(\.run.deletedAt) == expected.map(\.run.deletedAt))
        #expect(records.map(\.params) == expected.map(\.params))
        #expect(records.map(\.tags) == expected.map(\.tags))
        #expect(records.map { $0.metrics["m"] } == expected.map { $0.metrics["m"] })
        let run = try target.requireRun("r1")
        #expect(try target.series(run: run.id, key: "m").count == 1500)
        #expect(try target.stages(run: run.id) == source.stages(run: run.id))
        #expect(try target.record(run.id)?.metrics["nan"]?.value.isNaN == true)
        #expect(try target.version(1, model: "net")?.aliases == ["best"])
        #expect(try target.experiments() == source.experiments())
        let more = try target.ensureExperiment(named: "more", at: moment(9))
        #expect(try target.createRun(NewRun(experiment: more.id, startedAt: moment(9), user: "ana")).name != "")
        #expect(throws: CopyError.targetNotEmpty) {
            try source.copyAll(to: target, .refuseOthers, monitor: SilentMonitor())
        }
        _ = try source.copyAll(to: target, .replaceOthers, monitor: SilentMonitor())
        #expect(try target.experiments() == source.experiments())
    }

    @Test func `the tables that are copied are all tables with all their columns`() throws {
        let database = try Database.inMemory()
        try database.migrate(trackingMigrations)
        let found = try database.read { connection in
            try connection.all(
                """
                SELECT t.name || ' ' || group_concat(c.name, ' ')
                FROM pragma_table_list t JOIN pragma_table_info(t.name) c
                WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite%' GROUP BY t.name
                """
            ) { $0.text(0) }
        }
        let copied = CopiedTable.all.map { ([$0.name] + $0.columns).joined(separator: " ") }
        #expect(Set(found) == Set(copied))
    }

    private func fill(_ store: SQLExperimentStore) throws {
        let experiment = try store.ensureExperiment(named: "žába", at: moment(1))
        for name in ["r1", "r2", "r3"] {
            let run = try store.createRun(
                NewRun(experiment: experiment.id, name: name, startedAt: moment(1), user: "ana")
            ).id
            try store.logParams([Param(key: "p", value: .integer(5)), Param(key: "q", value: .string(""))], run: run)
            let points = (0..<1500).map {
                Metric(key: "m", value: Double($0), step: Int64($0), timestamp: moment(Int64($0)))
            }
            let special = [-0.0, .infinity, -.infinity].enumerated().map {
                Metric(key: "special", value: $1, step: Int64($0), timestamp: moment(1))
            }
            let nan = Metric(key: "nan", value: .nan, timestamp: moment(1))
            try store.logMetrics(points + special + [nan], run: run, stage: "train")
            try store.setTags([Tag(key: "t", value: "👍")], run: run)
            let digest = try makeDigest(7)
            var stage = StageExecution(stage: "train", position: 0, state: .ran)
            stage.log = digest
            try store.recordStage(stage, run: run)
            try store.recordStages(skippedStages(), run: run)
            let path = try store.artifactFolder(of: run).appending(RelativePath(parsing: "a.txt"))
            try store.putArtifact(Artifact(path: path, digest: digest, modifiedAt: moment(2)))
            let dataset = Dataset(name: "d", digest: "1", sourceType: "local", source: "x")
            try store.logInputs([DatasetUse(dataset: dataset, tags: [])], models: ["m-1"], run: run)
        }
        try store.deleteRuns([try store.requireRun("r3").id], at: moment(3))
        try store.createModel(RegisteredModel(name: "net", createdAt: moment(1), tags: [Tag(key: "a", value: "b")]))
        _ = try store.createVersion(ModelVersion(model: "net", source: "s3://b/x", createdAt: moment(1)))
        try store.setAlias("best", model: "net", version: 1)
        let logged = LoggedModel(id: "m-1", experiment: experiment.id, name: "net", createdAt: moment(1))
        try store.createLoggedModel(logged)
        let metric = ModelMetric(
            key: "m", point: MetricPoint(step: 0, timestamp: moment(1), value: .nan), run: nil, datasetName: nil,
            datasetDigest: nil)
        try store.logMetrics([metric], loggedModel: "m-1")
    }

    private func skippedStages() -> [StageExecution] {
        (1...5).map { number in
            var stage = StageExecution(stage: "skipped\(number)", position: number, state: .skipped)
            stage.startedAt = moment(1)
            stage.durationMilliseconds = 0
            stage.outputs = [StageFile(path: RelativePath(unchecked: [0xFF]), fingerprint: nil)]
            return stage
        }
    }
}
