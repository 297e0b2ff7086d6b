import Diagnostics
import Files
import Hashing
import JSON
import Objects
import Testing

@testable import Experiments

@Suite struct ParamConformance {
    @Test(arguments: StoreUnderTest.allCases)
    func `params keep their type`(kind: StoreUnderTest) throws {
        let params: [String: JSONValue] = [
            "text": .string("cbow"), "digits": .string("1"), "integer": .integer(1), "number": .number(0.1),
            "whole": .number(5), "true": .bool(true), "null": .null, "empty": .string(""),
            "list": .array([.integer(1), .string("a")]), "object": .object(["b": .integer(1), "a": .null]),
            "infinite": .number(-.infinity),
        ]
        let store = try kind.make()
        let run = try store.addRun("run1", params: params)
        #expect(try store.record(run.id)?.params == params)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a param is written once`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let run = try store.addRun("run1", params: ["dim": .integer(50)])
        try store.logParams([Param(key: "dim", value: .integer(50))], run: run.id)
        let error = #expect(throws: ExperimentError.self) {
            try store.logParams(
                [Param(key: "lr", value: .number(0.1)), Param(key: "dim", value: .integer(70))], run: run.id)
        }
        #expect(
            error?.description == """
                param dim of run \(run.id.short) is 50 and cannot become 70
                hint: start a new run for the new value
                """)
        #expect(error?.kind == .conflict)
        #expect(try store.record(run.id)?.params == ["dim": .integer(50)])
    }
}

@Suite struct MetricConformance {
    @Test(arguments: StoreUnderTest.allCases)
    func `a series comes back in order, each point once`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let run = try store.addRun("run1")
        let points = [
            MetricPoint(step: -1, timestamp: moment(9), value: 1),
            MetricPoint(step: 0, timestamp: moment(1), value: 0.1),
            MetricPoint(step: 0, timestamp: moment(2), value: -.infinity),
            MetricPoint(step: 0, timestamp: moment(2), value: .infinity),
            MetricPoint(step: .max, timestamp: moment(1), value: 3),
        ]
        let metrics = points.reversed().map { Metric(key: "loss", point: $0) }
        try store.logMetrics(metrics, run: run.id, stage: nil)
        try store.logMetrics(metrics, run: run.id, stage: nil)
        #expect(try store.metricPoints(run: run.id, key: "loss", after: nil, limit: 100) == points)
        #expect(try store.metricPoints(run: run.id, key: "loss", after: points[1], limit: 2) == Array(points[2...3]))
        #expect(try store.metricPoints(run: run.id, key: "absent", after: nil, limit: 100) == [])
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `NaN is a value, after all others of its moment`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let run = try store.addRun("run1", metrics: ["loss": .nan])
        try store.logMetrics([Metric(key: "loss", value: .nan, timestamp: moment(1))], run: run.id, stage: nil)
        try store.logMetrics([Metric(key: "loss", value: 2, timestamp: moment(1))], run: run.id, stage: nil)
        let values = try store.metricPoints(run: run.id, key: "loss", after: nil, limit: 100).map(\.value)
        #expect(values.map(\.description) == ["2.0", "nan"])
        #expect(try store.record(run.id)?.metrics["loss"]?.value == 2)
        let other = try store.addRun("run2", metrics: ["loss": .nan])
        #expect(try store.record(other.id)?.metrics["loss"]?.value.isNaN == true)
    }

    @Test(
        arguments: StoreUnderTest.allCases,
        [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
    func `the latest point is the one that goes furthest, not the last to arrive`(
        kind: StoreUnderTest, order: [Int]
    ) throws {
        let points = [
            MetricPoint(step: 1, timestamp: moment(9), value: 100),
            MetricPoint(step: 2, timestamp: moment(3), value: 200),
            MetricPoint(step: 2, timestamp: moment(4), value: 5),
        ]
        let store = try kind.make()
        let run = try store.addRun("run1")
        for index in order { try store.logMetrics([Metric(key: "a", point: points[index])], run: run.id, stage: nil) }
        try store.logMetrics(order.map { Metric(key: "b", point: points[$0]) }, run: run.id, stage: "evaluate")
        let metrics = try store.record(run.id)?.metrics
        #expect(metrics?["a"] == LatestMetric(point: points[2], stage: nil))
        #expect(metrics?["b"] == LatestMetric(point: points[2], stage: "evaluate"))
    }
}

@Suite struct TagConformance {
    @Test(arguments: StoreUnderTest.allCases)
    func `a tag that is set again is replaced`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let run = try store.addRun("run1", tags: ["team": "nlp", "note": ""])
        try store.setTags([Tag(key: "team", value: "vision"), Tag(key: "team", value: "žába 🐸")], run: run.id)
        #expect(try store.record(run.id)?.tags == ["team": "žába 🐸", "note": ""])
    }
}

@Suite struct StageConformance {
    @Test(arguments: StoreUnderTest.allCases)
    func `a stage execution comes back as it was recorded`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let run = try store.addRun("run1")
        let folder = Fingerprint(kind: .folder(fileCount: 3), digest: try makeDigest(1), contentBytes: 12_345)
        let file = Fingerprint(kind: .file(isExecutable: false), digest: try makeDigest(2), contentBytes: 2000)
        let program = Fingerprint(kind: .file(isExecutable: true), digest: try makeDigest(2), contentBytes: 2000)
        var train = StageExecution(stage: "train", position: 1, state: .failed)
        train.startedAt = moment(3)
        train.durationMilliseconds = 250
        train.reasons = ["param lr changed from 0.1 to 0.2", "dep data changed\n\"quoted\""]
        train.commands = ["python train.py --name \"a b\"", ""]
        train.key = SHA256Digest(bytes: [UInt8](repeating: 7, count: 32))
        train.inputs = [
            StageFile(path: RelativePath(unchecked: Array("data".utf8)), fingerprint: folder),
            StageFile(path: RelativePath(unchecked: [0x61, 0xFF, 0x62]), fingerprint: program),
            StageFile(path: RelativePath(unchecked: Array("absent".utf8)), fingerprint: nil),
        ]
        train.outputs = [StageFile(path: RelativePath(unchecked: Array("data".utf8)), fingerprint: file)]
        train.log = try makeDigest(3)
        train.exitCode = 134
        train.commands = ["python3 train.py", "echo \"done\""]
        train.failure = "command 1 ended with exit code 134"
        let load = StageExecution(stage: "load", position: 0, state: .skipped)
        try store.recordStages([train, load], run: run.id)
        #expect(try store.stages(run: run.id) == [load, train])
        #expect(
            try store.record(run.id)?.stages == [
                StageSummary(stage: "load", state: .skipped, durationMilliseconds: nil),
                StageSummary(stage: "train", state: .failed, durationMilliseconds: 250, exitCode: 134),
            ])
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a stage that is recorded again is replaced with its files`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let run = try store.addRun("run1")
        let path = RelativePath(unchecked: Array("data".utf8))
        var stage = StageExecution(stage: "load", position: 0, state: .running)
        stage.inputs = [StageFile(path: path, fingerprint: nil), StageFile(path: path, fingerprint: nil)]
        try store.recordStage(stage, run: run.id)
        stage.state = .ran
        stage.inputs.removeLast()
        try store.recordStage(stage, run: run.id)
        #expect(try store.stages(run: run.id) == [stage])
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `the names of all that was logged are known`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let run = try store.addRun("run1", params: ["dim": .integer(1)], metrics: ["loss": 1], tags: ["team": "nlp"])
        try store.addRun("run2", second: 2, params: ["lr": .integer(1)], metrics: ["acc": 1])
        try store.addRun("run1", second: 3)
        try store.recordStage(StageExecution(stage: "load", position: 0, state: .ran), run: run.id)
        let keys = LoggedKeys(params: ["dim", "lr"], metrics: ["acc", "loss"], tags: ["team"], stages: ["load"])
        #expect(try store.keys() == keys)
        #expect(try store.runNames(limit: 10) == ["run1", "run2"])
    }
}

@Suite struct ReferenceConformance {
    @Test(arguments: StoreUnderTest.allCases)
    func `every place that names an object is found`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let digest = try makeDigest(1)
        let path = RelativePath(unchecked: Array("data".utf8))
        let run = try store.addRun("run1")
        let git = GitState(commit: "c0ffee", branch: nil, isDirty: true, patch: digest)
        try store.changeRun(run.id, RunChange(git: git))
        var train = StageExecution(stage: "train", position: 0, state: .ran)
        train.log = digest
        let fingerprint = Fingerprint(kind: .file(isExecutable: false), digest: digest, contentBytes: 1000)
        train.inputs = [StageFile(path: path, fingerprint: fingerprint)]
        train.outputs = [StageFile(path: path, fingerprint: fingerprint)]
        try store.recordStage(train, run: run.id)
        let places = try store.references(to: digest.id).map(\.place)
        #expect(places.count == 4)
        for place: ObjectReference.Place in [
            .patch, .log(stage: "train"), .input(stage: "train", path: path), .output(stage: "train", path: path),
        ] {
            #expect(places.contains(place))
        }
        #expect(try store.references(to: makeDigest(2).id) == [])
    }
}
