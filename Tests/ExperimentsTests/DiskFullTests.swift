import Diagnostics
import SQL
import SQLite
import Testing

@testable import Experiments

/// A disk without room, as SQLite sees it: a limit of pages.
@Suite struct DiskFullTests {
    @Test(arguments: [PointFolding.atOnce, .whenManyWait])
    func `what was acknowledged before the disk was full is there, and goes on when there is room`(
        folding: PointFolding
    ) throws {
        let database = try Database.inMemory()
        let store = try SQLExperimentStore(database, folding: folding)
        let run = try store.addRun("r").id
        let pages = try database.read { try $0.first("PRAGMA page_count") { $0.integer(0) } } ?? 0
        try limit(database, pages + 20)
        var kept: [Int64] = []
        var failure: DatabaseError?
        for step in 0..<100_000 {
            do {
                try log(Int64(step), store, run)
                kept.append(Int64(step))
            } catch {
                failure = error as? DatabaseError
                break
            }
        }
        #expect(failure == .diskFull(path: ":memory:"))
        #expect(failure?.kind == .unavailable)
        #expect(!kept.isEmpty)
        // Reading needs no room.
        #expect(try store.run(run)?.name == "r")
        _ = try store.listRuns(RunQuery())
        try limit(database, pages + 10_000)
        let next = Int64(kept.count)
        try log(next, store, run)
        // The one that was refused may be there, as after an answer that got lost: it was sent again.
        #expect(try store.series(run: run, key: "m").map(\.step) == kept + [next])
    }

    private func log(_ step: Int64, _ store: SQLExperimentStore, _ run: RunID) throws {
        try store.logMetrics(
            [Metric(key: "m", value: Double(step), step: step, timestamp: moment(step))], run: run, stage: nil)
    }

    private func limit(_ database: Database, _ pages: Int64) throws {
        try database.read { _ = try $0.first("PRAGMA max_page_count = \(pages)") { $0.integer(0) } }
    }
}
