import Diagnostics
import TestSupport
import Testing

@testable import Remotes

@Suite struct PushMeterTests {
    @Test func `what waits to be sent is not done yet`() throws {
        let bench = try SyncBench()
        let plan = try bench.remote().planPush([bench.keep(["a": [1]])], from: bench.here)
        let monitor = CollectingMonitor()
        let meter = PushMeter(remote: "x", plan: plan, monitor: monitor)
        func done() -> [Int] {
            meter.report()
            return monitor.progress.last.map { [$0.doneItems, $0.doneBytes, $0.savedBytes] } ?? []
        }
        meter.readObject()
        meter.took(bytes: 50, isNew: false)
        #expect(done() == [1, 50, 50])
        meter.readObject()
        meter.took(bytes: 100, isNew: true)
        #expect(done() == [0, 50, 50])
        let first = meter.closedPack()
        meter.readObject()
        meter.took(bytes: 30, isNew: true)
        let second = meter.closedPack()
        meter.sent(second)
        #expect(done() == [1, 80, 50])
        meter.sent(first)
        #expect(done() == [3, 180, 50])
    }

    @Test func `a push ends with all that was planned`() throws {
        let bench = try SyncBench()
        let folder = try bench.keep(["large": noise(3_000_000, seed: 5), "small": [1, 2], "empty": []])
        let remote = bench.remote()
        let plan = try remote.planPush([folder], from: bench.here)
        let monitor = CollectingMonitor()
        try remote.push(plan, from: bench.here, options: TransferOptions(jobs: 1), monitor: monitor)
        let last = try #require(monitor.progress.last)
        #expect(last.doneItems == last.totalItems && last.doneBytes == last.totalBytes)
    }
}
