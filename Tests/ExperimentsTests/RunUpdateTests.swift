import Diagnostics
import Files
import JSON
import Objects
import TestSupport
import Testing

@testable import Experiments

/// The message by which programs log, as text and back.
@Suite struct RunUpdateTests {
    @Test func `whatever is said comes back as it was`() throws {
        var random = SeededRandom(seed: 11)
        for _ in 0..<200 {
            let update = try makeUpdate(&random)
            #expect(try RunUpdate(json: JSONValue(parsing: update.json.text())) == update)
        }
    }

    @Test func `an update that came twice is written once`() throws {
        let store = try SQLExperimentStore.inMemory()
        let writer = RunUpdateWriter(store)
        var update = RunUpdate(run: RunID("abc"))
        update.start = RunStart(experiment: "e", name: "n", startedAt: moment(1), user: "ana", parent: RunID("p"))
        update.params = [Param(key: "a", value: .integer(1))]
        update.series = [
            LoggedSeries(key: "m", points: [MetricPoint(step: 1, timestamp: moment(1), value: 2)])
        ]
        update.models = [RunModel(id: "m-1", name: "tiny", createdAt: moment(2))]
        update.end = RunEnd(status: .finished, at: moment(3))
        for _ in 0..<3 { #expect(try writer.apply(update) == []) }
        let record = try #require(try store.record(RunID("abc")))
        #expect(record.tags == [parentRunTag: "p"])
        #expect(record.run.status == .finished)
        #expect(try store.series(run: RunID("abc"), key: "m").count == 1)
        #expect(try store.loggedModels(experiments: [record.run.experiment]).count == 1)
    }

    @Test func `a run that is not there, or deleted, takes nothing`() throws {
        let store = try SQLExperimentStore.inMemory()
        let writer = RunUpdateWriter(store)
        var update = RunUpdate(run: RunID("absent"))
        update.tags = [Tag(key: "a", value: "b")]
        #expect(throws: ExperimentError.self) { try writer.apply(update) }
        let run = try store.addRun("r").id
        try store.deleteRuns([run], at: moment(2))
        update.run = run
        #expect(throws: ExperimentError.runDeleted(run)) { try writer.apply(update) }
    }

    @Test func `a run that is resumed is running again`() throws {
        let store = try SQLExperimentStore.inMemory()
        let run = try store.addRun("r").id
        try store.changeRun(run, .end(.failed, at: moment(5), failure: "it broke"))
        var update = RunUpdate(run: run)
        update.start = RunStart(startedAt: moment(6), user: "ana", resumes: true)
        _ = try RunUpdateWriter(store).apply(update)
        #expect(try store.run(run)?.status == .running)
        #expect(try store.run(run)?.failure == nil)
        update.run = RunID("absent")
        #expect(throws: ExperimentError.self) { try RunUpdateWriter(store).apply(update) }
    }

    private func makeUpdate(_ random: inout SeededRandom) throws -> RunUpdate {
        func chance() -> Bool { Bool.random(using: &random) }
        func word() -> String { ["a", "ä/b", "\"q\"", "x y"].randomElement(using: &random) ?? "" }
        var update = RunUpdate(run: RunID("r\(Int.random(in: 0..<9, using: &random))"), stage: chance() ? word() : nil)
        if chance() {
            update.start = RunStart(
                experiment: word(), name: chance() ? word() : nil, startedAt: moment(3), user: word(),
                owner: chance() ? .current() : nil, commandLine: chance() ? [word(), word()] : [],
                parent: chance() ? RunID("p") : nil, resumes: chance())
        }
        if chance() { update.params = [Param(key: word(), value: .array([.number(.infinity), .null, .bool(true)]))] }
        if chance() { update.tags = [Tag(key: word(), value: word())] }
        if chance() {
            let values: [Double] = [.infinity, -0.0, 1e-300, 5]
            update.series = [
                LoggedSeries(
                    key: word(),
                    points: (0..<Int.random(in: 0..<2000, using: &random)).map { step in
                        MetricPoint(step: Int64(step * step), timestamp: moment(Int64(step)), value: values[step % 4])
                    })
            ]
        }
        if chance() {
            update.datasets = [
                DatasetUse(
                    dataset: Dataset(
                        name: word(), digest: "d", sourceType: "s3", source: word(), schema: chance() ? "{}" : nil),
                    tags: chance() ? [Tag(key: "k", value: "v")] : [])
            ]
        }
        if chance() {
            update.models = [
                RunModel(
                    id: "m-1", name: "tiny", type: chance() ? "swift" : nil, step: 7, createdAt: moment(2),
                    params: chance() ? [Tag(key: "k", value: "v")] : [], isComplete: chance())
            ]
        }
        if chance() {
            let path = try RelativePath(parsing: "a/b ä.txt")
            for place in [LoggedFile.Place.artifact(path), .model(id: "m-1", path), .patch] where chance() {
                update.files.append(LoggedFile(place: place, digest: try makeDigest(3), modifiedAt: moment(4)))
            }
        }
        if chance() { update.git = GitState(commit: "c", branch: chance() ? "main" : nil, isDirty: chance()) }
        if chance() { update.heartbeatAt = moment(8) }
        if chance() { update.end = RunEnd(status: .failed, at: moment(9), failure: chance() ? word() : nil) }
        return update
    }
}
