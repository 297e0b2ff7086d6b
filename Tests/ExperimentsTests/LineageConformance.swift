import Testing

@testable import Experiments

@Suite struct LineageConformance {
    @Test(arguments: StoreUnderTest.allCases)
    func `inputs and outputs come back as they were logged`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let run = try store.addRun("r").id
        let use = DatasetUse(
            dataset: Dataset(name: "d", digest: "1", sourceType: "local", source: "x.csv", schema: "{}"),
            tags: [Tag(key: "mlflow.data.context", value: "train")])
        try store.logInputs([use], models: ["m-2"], run: run)
        // Again, and with other words: the first counts.
        try store.logInputs([DatasetUse(dataset: use.dataset, tags: [])], models: ["m-2"], run: run)
        try store.logOutputs([ModelOutput(model: "m-1", step: 3)], run: run)
        var expected = RunLineage()
        expected.datasets = [use]
        expected.inputModels = ["m-2"]
        expected.outputModels = [ModelOutput(model: "m-1", step: 3)]
        #expect(try store.lineage(run: run) == expected)
        let other = try store.addRun("s").id
        #expect(try store.lineages(runs: [run, other]) == [run: expected])
        #expect(try store.lineage(run: RunID("absent")) == RunLineage())
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `runs are found by what they used`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let first = try store.addRun("r").id
        let second = try store.addRun("s").id
        for (run, name) in [(first, "a"), (second, "b")] {
            let dataset = Dataset(name: name, digest: "1", sourceType: "local", source: "x")
            try store.logInputs([DatasetUse(dataset: dataset, tags: [])], models: [], run: run)
        }
        #expect(try store.runs { $0.name == "b" } == [second])
        #expect(try store.datasetSummaries(experiments: [ExperimentID(0)]).map(\.name) == ["a", "b"])
        #expect(try store.datasetSummaries(experiments: [ExperimentID(1)]) == [])
    }
}
