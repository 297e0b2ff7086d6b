import Diagnostics
import Testing

@testable import Experiments

@Suite struct FindRunConformance {
    @Test(arguments: StoreUnderTest.allCases)
    func `a run is found by id, by name and by the first digits of its id`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        let first = try store.createRun(newRun("aaaa1111", name: "run1", second: 1))
        let second = try store.createRun(newRun("aaaa2222", name: "run2", second: 2))
        #expect(try store.findRun("aaaa1111") == first)
        #expect(try store.findRun("run2") == second)
        #expect(try store.findRun("AAAA2") == second)
        #expect(try store.findRun("b") == nil)
        #expect(try store.findRun("") == nil)
        #expect(try store.findRun("%") == nil)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `of several runs of one name the latest is meant`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        try store.addRun("run1", second: 1)
        let latest = try store.addRun("run1", second: 3)
        try store.addRun("run1", second: 2)
        #expect(try store.findRun("run1") == latest)
        try store.deleteRuns([latest.id], at: moment(4))
        #expect(try store.findRun("run1")?.startedAt == moment(2))
        // By its whole id a deleted run is still found.
        #expect(try store.findRun(latest.id.text)?.id == latest.id)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `digits that begin several ids are refused with the choice`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        _ = try store.createRun(newRun("aaaa1111", name: "run1", second: 1))
        _ = try store.createRun(newRun("aaaa2222", name: "run2", second: 2))
        let error = #expect(throws: ExperimentError.self) { try store.findRun("aaaa") }
        #expect(
            error?.description == """
                run aaaa could be any of several
                hint: type more of the id: aaaa1111 run1, aaaa2222 run2
                """)
        #expect(error?.kind == .invalidInput)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a mistyped name is answered with the nearest`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        try store.addRun("baseline")
        let error = #expect(throws: ExperimentError.self) { try store.requireRun("baselien") }
        #expect(error?.description == "run baselien does not exist\nhint: did you mean `baseline`?")
        #expect(error?.kind == .notFound)
        let far = #expect(throws: ExperimentError.self) { try store.requireRun("zzz") }
        #expect(far?.description == "run zzz does not exist\nhint: list the runs with `repro runs`")
    }

    private func newRun(_ id: String, name: String, second: Int64) -> NewRun {
        NewRun(id: RunID(id), experiment: ExperimentID(0), name: name, startedAt: moment(second), user: "ana")
    }
}
