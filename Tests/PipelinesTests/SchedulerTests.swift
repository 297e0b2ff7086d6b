import TestSupport
import Testing

@testable import Pipelines

@Suite struct SchedulerTests {
    @Test func `a stage starts only after all that it waits for`() {
        var scheduler = makeScheduler([[], [0], [0], [1, 2]], jobs: 4)
        #expect(scheduler.startReady().map(\.task) == [0])
        scheduler.finished(0, succeeded: true)
        #expect(scheduler.startReady().map(\.task) == [1, 2])
        scheduler.finished(2, succeeded: true)
        #expect(scheduler.startReady().isEmpty)
        scheduler.finished(1, succeeded: true)
        #expect(scheduler.startReady().map(\.task) == [3])
        scheduler.finished(3, succeeded: true)
        #expect(scheduler.isFinished)
    }

    @Test func `no more stages run at a time than there are jobs`() {
        var scheduler = makeScheduler([[], [], []], jobs: 2)
        #expect(scheduler.startReady().map(\.task) == [0, 1])
        scheduler.finished(1, succeeded: true)
        #expect(scheduler.startReady().map(\.task) == [2])
    }

    @Test func `the longest way to the end goes first`() {
        var scheduler = makeScheduler([[], [], [1], [2]], jobs: 1)
        #expect(scheduler.startReady().map(\.task) == [1])
    }

    @Test func `what is remembered decides which way is the longest`() {
        // 0 → 1 has two stages, but 2 alone took ten seconds the last time.
        let seconds = Scheduler.expectedSeconds([0.5, nil, 10, 0.5])
        #expect(seconds == [0.5, 0.5, 10, 0.5])
        let waitsFor = [[], [0], [], []]
        var scheduler = Scheduler(
            tasks: zip(waitsFor, seconds).map { .init(waitsFor: $0, demand: .init(), expectedSeconds: $1) },
            capacity: .init(jobs: 1, cpus: 1, memoryBytes: .max, gpuIndices: []), keepGoing: false)
        var order: [Int] = []
        while let start = scheduler.startReady().first {
            order.append(start.task)
            scheduler.finished(start.task, succeeded: true)
        }
        #expect(order == [2, 0, 1, 3])
    }

    @Test func `without any memory all stages are alike, and the way with more of them is longer`() {
        #expect(Scheduler.expectedSeconds([nil, nil]) == [1, 1])
        #expect(Scheduler.expectedSeconds([nil, 0, nil]) == [0.001, 0.001, 0.001])
        #expect(Scheduler.expectedSeconds([]) == [])
    }

    @Test func `after a failure nothing more starts, but what runs is waited for`() {
        var scheduler = makeScheduler([[], [], [1]], jobs: 2)
        _ = scheduler.startReady()
        scheduler.finished(0, succeeded: false)
        #expect(scheduler.states[2] == .notRun)
        #expect(!scheduler.isFinished)
        scheduler.finished(1, succeeded: true)
        #expect(scheduler.startReady().isEmpty)
        #expect(scheduler.isFinished)
    }

    @Test func `with keep-going only what needs the failed stage is left out`() {
        var scheduler = makeScheduler([[], [0], [1], []], jobs: 1, keepGoing: true)
        #expect(scheduler.startReady().map(\.task) == [0])
        scheduler.finished(0, succeeded: false)
        #expect(scheduler.states[1] == .notRun)
        #expect(scheduler.states[2] == .notRun)
        #expect(scheduler.startReady().map(\.task) == [3])
        scheduler.finished(3, succeeded: true)
        #expect(scheduler.isFinished)
    }

    @Test func `declared processors are respected, and a stage that wants more than there are runs alone`() {
        let greedy = Scheduler.Task(waitsFor: [], demand: .init(cpus: 8))
        let modest = Scheduler.Task(waitsFor: [], demand: .init(cpus: 1))
        var scheduler = Scheduler(
            tasks: [greedy, modest, modest],
            capacity: .init(jobs: 4, cpus: 2, memoryBytes: 0, gpuIndices: []), keepGoing: false)
        #expect(scheduler.startReady().map(\.task) == [0])
        scheduler.finished(0, succeeded: true)
        #expect(scheduler.startReady().map(\.task) == [1, 2])
    }

    @Test func `each stage gets processors of its own`() {
        let oneGPU = Scheduler.Task(waitsFor: [], demand: .init(cpus: 0, gpus: 1))
        var scheduler = Scheduler(
            tasks: [oneGPU, oneGPU, oneGPU],
            capacity: .init(jobs: 8, cpus: 8, memoryBytes: 0, gpuIndices: [0, 1]), keepGoing: false)
        #expect(scheduler.startReady() == [.init(task: 0, gpuIndices: [0]), .init(task: 1, gpuIndices: [1])])
        scheduler.finished(1, succeeded: true)
        #expect(scheduler.startReady() == [.init(task: 2, gpuIndices: [1])])
    }

    @Test(arguments: 0..<50) func `any graph comes to its end with every stage settled`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let count = Int.random(in: 1...40, using: &random)
        let graph = (0..<count).map { index in
            (0..<index).filter { _ in Int.random(in: 0..<5, using: &random) == 0 }
        }
        var scheduler = makeScheduler(graph, jobs: Int.random(in: 1...4, using: &random), keepGoing: true)
        var running = scheduler.startReady().map(\.task)
        while let task = running.randomElement(using: &random) {
            running.removeAll { $0 == task }
            scheduler.finished(task, succeeded: Int.random(in: 0..<10, using: &random) > 0)
            running += scheduler.startReady().map(\.task)
        }
        #expect(scheduler.isFinished)
        for (index, upstream) in graph.enumerated() where scheduler.states[index] == .done {
            #expect(upstream.allSatisfy { scheduler.states[$0] == .done })
        }
    }

    private func makeScheduler(_ waitsFor: [[Int]], jobs: Int, keepGoing: Bool = false) -> Scheduler {
        Scheduler(
            tasks: waitsFor.map { .init(waitsFor: $0, demand: .init()) },
            capacity: .init(jobs: jobs, cpus: Double(jobs), memoryBytes: 0, gpuIndices: []), keepGoing: keepGoing)
    }
}
