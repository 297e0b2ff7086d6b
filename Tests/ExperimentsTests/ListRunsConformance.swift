import Diagnostics
import JSON
import Testing

@testable import Experiments

@Suite struct ListRunsConformance {
    /// Four runs, a to d, one a second; what each has differs.
    static func makeStore(_ kind: StoreUnderTest) throws -> any ExperimentStore {
        let store = try kind.make()
        let a = try store.addRun(
            "a", second: 1, params: ["dim": .integer(50), "type": .string("cbow"), "deep": .bool(true)],
            metrics: ["acc": 0.1, "loss": 3], tags: ["team": "nlp-1", "note": "50% of *all*"])
        let b = try store.addRun(
            "b", second: 2, params: ["dim": .integer(100), "type": .string("skipgram")],
            metrics: ["acc": 0.3, "loss": .nan], tags: ["team": "NLP-2"])
        try store.addRun(
            "c", second: 3, params: ["dim": .string("7"), "type": .null], metrics: ["acc": 0.2],
            tags: ["team": "vision"])
        let d = try store.addRun("d", second: 4, metrics: ["loss": .infinity])
        try store.changeRun(a.id, .end(.finished, at: moment(11)))
        try store.changeRun(b.id, .end(.failed, at: moment(4), failure: "stage train failed"))
        try store.changeRun(d.id, RunChange(git: GitState(commit: "c0ffee", branch: "main", isDirty: false)))
        var train = StageExecution(stage: "train", position: 0, state: .ran)
        train.durationMilliseconds = 1500
        try store.recordStage(train, run: a.id)
        train.state = .cached
        train.exitCode = 3
        try store.recordStage(train, run: b.id)
        return store
    }

    @Test(
        arguments: StoreUnderTest.allCases,
        [
            ("", "abcd"),
            ("metrics.acc > 0.1", "bc"), ("metrics.acc >= 0.1 and metrics.acc < 0.3", "ac"),
            ("metrics.acc != 0.1", "bc"),
            ("metrics.loss != 3", "bd"), ("metrics.loss > 0", "ad"), ("metrics.loss = nan", "b"),
            ("metrics.loss != nan", "ad"), ("metrics.loss = inf", "d"), ("metrics.acc in (0.1, 0.2)", "ac"),
            ("metrics.acc not in (0.1, 0.2)", "b"), ("metrics.loss not in (3)", "bd"), ("metrics.loss is null", "c"),
            ("metrics.loss is not null", "abd"),
            ("metrics.absent > 0", ""), ("metrics.absent is null", "abcd"),
            ("params.dim = 50", "a"), ("params.dim > 7", "ab"), ("params.dim = '100'", "b"), ("params.dim <= 50", "ac"),
            ("params.dim != 50", "bc"), ("params.type != 'cbow'", "bc"), ("params.deep = true", "a"),
            ("params.type like 'c%'", "a"), ("params.type in ('cbow', 'skipgram')", "ab"),
            ("tags.team ~ '^nlp'", "a"), ("tags.team !~ '^nlp'", "bc"), ("tags.team like 'nlp%'", "a"),
            ("tags.team ilike 'nlp-_'", "ab"), ("tags.team not like 'nlp%'", "bc"), ("tags.team not ilike '%n%'", ""),
            ("tags.note like '50\\% of *all*'", ""), ("tags.note like '50% of *all*'", "a"), ("tags.team is null", "d"),
            ("status = 'RUNNING'", "cd"), ("status != 'running'", "ab"), ("status in ('failed', 'finished')", "ab"),
            ("status ilike 'FIN%'", "a"), ("name = 'c'", "c"), ("name ~ '[ab]'", "ab"),
            ("experiment = 'Default'", "abcd"),
            ("start_time >= 3000", "cd"), ("start_time < '1970-01-01T00:00:02Z'", "a"), ("end_time > 4000", "a"),
            ("end_time != 4000", "a"), ("end_time is null", "cd"), ("duration >= 10", "a"), ("commit = 'c0ffee'", "d"),
            ("commit like 'c0%'", "d"), ("commit is null", "abc"), ("branch != 'main'", ""), ("failure ~ 'train'", "b"),
            ("stages.train.state = 'cached'", "b"), ("stages.train.duration >= 1.5", "ab"),
            ("stages.train.exit_code is null", "acd"), ("stages.train.exit_code != 0", "b"),
            ("stages.train.state is not null", "ab"),
            ("not stages.train.state = 'cached'", "acd"),
            ("not metrics.acc > 0.1", "ad"), ("not end_time > 4000", "bcd"),
            ("metrics.acc > 0.2 or tags.team = 'vision'", "bc"),
            ("metrics.acc > 0.05 and (params.type = 'cbow' or tags.team ~ 'vis.*')", "ac"),
            ("not (metrics.acc > 0.2 or tags.team = 'vision')", "ad"),
        ])
    func `a filter lets the right runs pass`(kind: StoreUnderTest, example: (filter: String, names: String)) throws {
        let store = try Self.makeStore(kind)
        let query = RunQuery(filter: try RunFilter(parsing: example.filter), sort: [RunSort(.attribute(.name))])
        #expect(try store.names(query).joined() == example.names)
    }

    @Test(
        arguments: StoreUnderTest.allCases,
        [
            ("name", "abcd"), ("name desc", "dcba"), ("start_time", "abcd"), ("end_time", "badc"),
            ("end_time desc", "abdc"), ("metrics.acc", "acbd"), ("metrics.acc desc", "bcad"), ("metrics.loss", "adbc"),
            ("metrics.loss desc", "dabc"), ("metrics.absent", "dcba"), ("params.dim", "cabd"),
            ("params.dim desc", "bacd"), ("params.type", "acbd"), ("tags.team", "bacd"), ("status, name", "bacd"),
            ("stages.train.state, metrics.acc", "bacd"), ("metrics.acc desc, metrics.loss", "bcad"),
            ("stages.train.duration desc, name", "abcd"), ("status desc, metrics.loss desc", "dcab"),
        ])
    func `an order puts runs that lack the column last`(
        kind: StoreUnderTest, example: (sort: String, names: String)
    ) throws {
        let store = try Self.makeStore(kind)
        #expect(try store.names(RunQuery(sort: try RunSort.parse(example.sort))).joined() == example.names)
    }

    @Test(
        arguments: StoreUnderTest.allCases,
        [
            ("min(metrics.loss)", "bacd"), ("min(metrics.loss) desc", "cabd"), ("max(metrics.loss)", "bcad"),
            ("max(metrics.loss) desc", "acbd"), ("metrics.loss desc", "abdc"), ("max(metrics.absent), name", "abcd"),
            ("min(metrics.loss), max(metrics.loss) desc", "bacd"),
        ])
    func `an order goes by the least or greatest value of a series, wherever its points are kept`(
        kind: StoreUnderTest, example: (sort: String, names: String)
    ) throws {
        let store = try kind.make()
        // In rows, in chunks, in one row alone, and not a number in between.
        let series: [(String, [Double])] = [
            ("a", [2, 9, 8]), ("b", (0..<3000).map { $0 == 1500 ? 1 : 6 }), ("c", [5, 7, .nan]), ("d", [.nan, .nan]),
        ]
        for (index, (name, values)) in series.enumerated() {
            let run = try store.addRun(name, second: Int64(index))
            let points = values.enumerated().map { step, value in
                Metric(key: "loss", value: value, step: Int64(step), timestamp: moment(Int64(step)))
            }
            try store.logMetrics(points, run: run.id, stage: nil)
        }
        #expect(try store.names(RunQuery(sort: try RunSort.parse(example.sort))).joined() == example.names)
    }

    @Test(arguments: StoreUnderTest.allCases, ["", "metrics.acc desc", "metrics.loss", "params.dim", "metrics.absent"])
    func `pages put together are the whole list`(kind: StoreUnderTest, sort: String) throws {
        let store = try Self.makeStore(kind)
        let order = sort.isEmpty ? [] : try RunSort.parse(sort)
        let whole = try store.names(RunQuery(sort: order))
        for limit in 1...5 {
            var names: [String] = []
            var page: RunPage
            repeat {
                page = try store.listRuns(RunQuery(sort: order, limit: limit, offset: names.count))
                names += page.records.map(\.run.name)
            } while page.hasMore
            #expect(names == whole)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `only the columns that were asked for are loaded`(kind: StoreUnderTest) throws {
        let store = try Self.makeStore(kind)
        let columns = RunColumnSelection(
            params: .some(["dim", "absent"]), metrics: .all, tags: .none, includesStages: true)
        let record = try store.listRuns(RunQuery(sort: [RunSort(.attribute(.name))], columns: columns)).records[0]
        #expect(record.params == ["dim": .integer(50)])
        #expect(Set(record.metrics.keys) == ["acc", "loss"])
        #expect(record.tags == [:])
        #expect(record.stages == [StageSummary(stage: "train", state: .ran, durationMilliseconds: 1500)])
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `experiments and the bin are told apart`(kind: StoreUnderTest) throws {
        let store = try Self.makeStore(kind)
        let other = try store.ensureExperiment(named: "other", at: moment(1))
        _ = try store.createRun(NewRun(experiment: other.id, name: "e", startedAt: moment(5), user: "ana"))
        let b = try store.requireRun("b")
        try store.deleteRuns([b.id], at: moment(9))
        #expect(try store.names(RunQuery()) == ["e", "d", "c", "a"])
        #expect(try store.names(RunQuery(experiments: [other.id])) == ["e"])
        #expect(try store.names(RunQuery(experiments: [])) == [])
        #expect(try store.names(RunQuery(experiments: [other.id, ExperimentID(0)], lifecycle: .deleted)) == ["b"])
        #expect(try store.names(RunQuery(lifecycle: .all)).count == 5)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `what a filter holds is never taken for SQL`(kind: StoreUnderTest) throws {
        let store = try Self.makeStore(kind)
        let hostile = "'; DROP TABLE runs; --"
        let filters: [RunFilter] = [
            .condition(.metric(hostile), .compare(.greater, .number(1))),
            .condition(.attribute(.name), .compare(.equal, .text(hostile))),
            .condition(.stage(hostile, .state), .matches(hostile)),
            .condition(.param(hostile), .oneOf([.text(hostile)])),
        ]
        for filter in filters { #expect(try store.names(RunQuery(filter: filter)) == []) }
        #expect(try store.names(RunQuery(sort: [RunSort(.tag(hostile))])) == ["d", "c", "b", "a"])
    }
}
