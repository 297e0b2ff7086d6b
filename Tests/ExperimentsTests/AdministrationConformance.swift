import Diagnostics
import JSON
import Testing

@testable import Experiments

@Suite struct AdministrationConformance {
    @Test(arguments: StoreUnderTest.allCases)
    func `an experiment is made with its tags and found by id and by name`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let made = try store.createExperiment(
            NewExperiment(
                name: "nlp", artifactLocation: "s3://b", tags: [Tag(key: "a", value: "1")], createdAt: moment(5)))
        #expect(try store.experimentDetails(made.experiment.id) == made)
        #expect(try store.experimentDetails(named: "nlp") == made)
        #expect(made.updatedAt == moment(5))
        #expect(made.artifactLocation == "s3://b")
        #expect(made.tags == [Tag(key: "a", value: "1")])
        #expect(try store.allExperimentDetails().map(\.experiment.name) == ["Default", "nlp"])
        #expect(try store.experimentDetails(ExperimentID(99)) == nil)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a taken name is refused, also that of a deleted experiment`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let first = try store.createExperiment(NewExperiment(name: "a", createdAt: moment(1)))
        let second = try store.createExperiment(NewExperiment(name: "b", createdAt: moment(1)))
        try store.deleteExperiment(first.experiment.id, at: moment(2))
        let error = #expect(throws: ExperimentError.self) {
            try store.createExperiment(NewExperiment(name: "a", createdAt: moment(3)))
        }
        #expect(
            error?.description == """
                experiment a exists already
                hint: choose another name; a deleted experiment keeps its name
                """)
        #expect(throws: ExperimentError.experimentExists(name: "a")) {
            try store.renameExperiment(second.experiment.id, to: "a", at: moment(3))
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `deleting an experiment deletes its runs, restoring brings them back`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let id = try store.createExperiment(NewExperiment(name: "a", createdAt: moment(1))).experiment.id
        let run = try store.createRun(NewRun(experiment: id, name: "r", startedAt: moment(2), user: "ana"))
        try store.deleteExperiment(id, at: moment(3))
        #expect(try store.run(run.id)?.deletedAt == moment(3))
        #expect(try store.experimentDetails(id)?.experiment.deletedAt == moment(3))
        #expect(throws: ExperimentError.experimentDeleted(name: "a")) {
            try store.renameExperiment(id, to: "b", at: moment(4))
        }
        try store.restoreExperiment(id, at: moment(4))
        #expect(try store.run(run.id)?.deletedAt == nil)
        #expect(try store.experimentDetails(id)?.updatedAt == moment(4))
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `tags are set, replaced and removed`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let id = ExperimentID(0)
        try store.setTags([Tag(key: "a", value: "1"), Tag(key: "b", value: "2")], experiment: id, at: moment(1))
        try store.setTags([Tag(key: "a", value: "3")], experiment: id, at: moment(2))
        #expect(try store.removeTag("b", experiment: id, at: moment(3)))
        #expect(try !store.removeTag("b", experiment: id, at: moment(4)))
        #expect(try store.experimentDetails(id)?.tags == [Tag(key: "a", value: "3")])
        #expect(try store.experimentDetails(id)?.updatedAt == moment(3))
        let run = try store.addRun("r", tags: ["x": "y"])
        #expect(try store.removeTag("x", run: run.id))
        #expect(try !store.removeTag("x", run: run.id))
        #expect(try store.record(run.id)?.tags == [:])
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a batch is logged whole or not at all`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let run = try store.addRun("r", params: ["p": .string("1")]).id
        let good = RunBatch(
            params: [Param(key: "q", value: .string("2"))], metrics: [Metric(key: "m", value: 1, timestamp: moment(1))],
            tags: [Tag(key: "t", value: "v")])
        try store.log(good, run: run)
        try store.log(good, run: run)
        let bad = RunBatch(
            params: [Param(key: "p", value: .string("9"))], metrics: [Metric(key: "n", value: 1, timestamp: moment(1))],
            tags: [Tag(key: "t", value: "w")])
        #expect(throws: ExperimentError.self) { try store.log(bad, run: run) }
        let record = try #require(try store.record(run))
        #expect(record.params == ["p": .string("1"), "q": .string("2")])
        #expect(record.metrics.keys.sorted() == ["m"])
        #expect(record.tags == ["t": "v"])
        #expect(try store.series(run: run, key: "m").count == 1)
    }
}
