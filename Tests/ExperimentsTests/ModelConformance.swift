import Testing

@testable import Experiments

@Suite struct ModelConformance {
    @Test(arguments: StoreUnderTest.allCases)
    func `a logged model grows and is found until it is deleted`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let model = LoggedModel(
            id: "m-1", experiment: ExperimentID(0), name: "net", type: "sklearn", sourceRun: RunID("r"),
            createdAt: moment(1), tags: [Tag(key: "a", value: "1")], params: [Tag(key: "p", value: "2")])
        try store.createLoggedModel(model)
        #expect(try store.loggedModel("m-1") == model)
        try store.setStatus(.ready, loggedModel: "m-1", at: moment(2))
        try store.setTags([Tag(key: "a", value: "3"), Tag(key: "b", value: "4")], loggedModel: "m-1", at: moment(3))
        #expect(try store.removeTag("b", loggedModel: "m-1", at: moment(4)))
        try store.logParams([Tag(key: "q", value: "5")], loggedModel: "m-1", at: moment(4))
        let metric = ModelMetric(
            key: "f1", point: MetricPoint(step: 0, timestamp: moment(1), value: 0.5), run: RunID("r"),
            datasetName: "d", datasetDigest: "x")
        try store.logMetrics([metric, metric], loggedModel: "m-1")
        let found = try #require(try store.loggedModel("m-1"))
        #expect(found.status == .ready)
        #expect(found.tags == [Tag(key: "a", value: "3")])
        #expect(found.params.map(\.key) == ["p", "q"])
        #expect(found.metrics == [metric])
        #expect(try store.loggedModels(experiments: [ExperimentID(0)]).map(\.id) == ["m-1"])
        try store.deleteLoggedModel("m-1", at: moment(5))
        #expect(try store.loggedModels(experiments: [ExperimentID(0)]) == [])
        #expect(try store.loggedModel("m-1")?.deletedAt == moment(5))
        #expect(throws: ModelError.noSuchLoggedModel("m-1")) {
            try store.setStatus(.failed, loggedModel: "m-1", at: moment(6))
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `version numbers are never given again`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        try store.createModel(RegisteredModel(name: "m", createdAt: moment(1)))
        for number in 1...3 {
            #expect(
                try store.createVersion(ModelVersion(model: "m", source: "s", createdAt: moment(2))).number == number)
        }
        try store.deleteVersion(3, model: "m")
        #expect(try store.createVersion(ModelVersion(model: "m", source: "s", createdAt: moment(3))).number == 4)
        #expect(try store.versions(model: "m").map(\.number) == [1, 2, 4])
        #expect(throws: ModelError.noSuchVersion(model: "m", version: 3)) { try store.deleteVersion(3, model: "m") }
        #expect(throws: ModelError.noSuchModel("n")) {
            try store.createVersion(ModelVersion(model: "n", source: "s", createdAt: moment(3)))
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `an alias moves, and goes with its version`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        try store.createModel(RegisteredModel(name: "m", createdAt: moment(1), tags: [Tag(key: "a", value: "b")]))
        for _ in 1...2 { _ = try store.createVersion(ModelVersion(model: "m", source: "s", createdAt: moment(2))) }
        try store.setAlias("best", model: "m", version: 1)
        try store.setAlias("best", model: "m", version: 2)
        #expect(try store.model(named: "m")?.aliases == [ModelAlias(alias: "best", version: 2)])
        #expect(try store.version(2, model: "m")?.aliases == ["best"])
        try store.deleteVersion(2, model: "m")
        #expect(try store.model(named: "m")?.aliases == [])
        #expect(throws: ModelError.noSuchVersion(model: "m", version: 2)) {
            try store.setAlias("best", model: "m", version: 2)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a renamed model keeps all it has, a deleted one nothing`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        try store.createModel(RegisteredModel(name: "m", createdAt: moment(1)))
        _ = try store.createVersion(
            ModelVersion(model: "m", source: "s", createdAt: moment(2), tags: [Tag(key: "k", value: "v")]))
        try store.renameModel("m", to: "n", at: moment(3))
        #expect(try store.version(1, model: "n")?.tags == [Tag(key: "k", value: "v")])
        #expect(try store.model(named: "m") == nil)
        try store.createModel(RegisteredModel(name: "m", createdAt: moment(4)))
        #expect(throws: ModelError.modelExists("m")) { try store.renameModel("n", to: "m", at: moment(5)) }
        try store.deleteModel("n")
        #expect(try store.versions(model: nil) == [])
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a stage may archive those that had it`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        try store.createModel(RegisteredModel(name: "m", createdAt: moment(1)))
        for _ in 1...2 { _ = try store.createVersion(ModelVersion(model: "m", source: "s", createdAt: moment(2))) }
        try store.changeStage(1, model: "m", to: .production, archivingOthers: false, at: moment(3))
        try store.changeStage(2, model: "m", to: .production, archivingOthers: true, at: moment(4))
        #expect(try store.versions(model: "m").map(\.stage) == [.archived, .production])
    }
}
