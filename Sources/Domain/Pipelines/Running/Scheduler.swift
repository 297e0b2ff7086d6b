/// Decides which stage starts when: a pure state machine, told what happened, answering what to start.
///
/// Stages are numbers, 0 ..< count. A stage starts once all that it waits for are done, there is room for what it
/// declares, and no stage with a longer way to the end of the pipeline (the critical path) is also ready. A stage that
/// needs more than there is runs alone.
struct Scheduler {
    struct Task {
        /// Stages that must be done before this one.
        var waitsFor: [Int]
        var demand: Demand
        /// How long it is expected to take, in seconds; only the proportions matter.
        var expectedSeconds: Double = 1
    }

    /// What a running stage occupies.
    struct Demand: Equatable {
        var cpus: Double = 1
        var memoryBytes: UInt64 = 0
        var gpus: Int = 0
    }

    /// What there is to share out.
    struct Capacity {
        /// Stages at a time, whatever they declare.
        var jobs: Int
        var cpus: Double
        var memoryBytes: UInt64
        var gpuIndices: [Int]
    }

    enum State: Equatable {
        /// Something it waits for is not done.
        case waiting
        /// It could start, if there were room.
        case ready
        case running(gpuIndices: [Int])
        case done
        case failed
        /// Something it waits for failed, or the run was stopped before it began.
        case notRun
    }

    struct Start: Equatable {
        let task: Int
        /// The GPUs that are its own while it runs.
        let gpuIndices: [Int]
    }

    private(set) var states: [State]
    private let tasks: [Task]
    private let dependents: [[Int]]
    private var unmet: [Int]
    private let pathSeconds: [Double]
    private let keepGoing: Bool
    /// The ready ones, the one with the longest way to the end first.
    private var ready: [Int] = []
    /// How many are waiting or ready.
    private var pendingCount: Int
    private let capacity: Capacity
    private var used = Demand(cpus: 0)
    private var freeGPUs: [Int]
    private var runningCount = 0

    /// `tasks` must be in an order in which each comes after all that it waits for.
    init(tasks: [Task], capacity: Capacity, keepGoing: Bool) {
        self.tasks = tasks
        self.keepGoing = keepGoing
        var dependents = [[Int]](repeating: [], count: tasks.count)
        for (index, task) in tasks.enumerated() {
            for upstream in task.waitsFor { dependents[upstream].append(index) }
        }
        var pathSeconds = [Double](repeating: 0, count: tasks.count)
        for index in tasks.indices.reversed() {
            pathSeconds[index] = tasks[index].expectedSeconds + (dependents[index].map { pathSeconds[$0] }.max() ?? 0)
        }
        self.dependents = dependents
        self.pathSeconds = pathSeconds
        unmet = tasks.map(\.waitsFor.count)
        pendingCount = tasks.count
        states = [State](repeating: .waiting, count: tasks.count)
        self.capacity = capacity
        freeGPUs = capacity.gpuIndices
        for task in tasks.indices where unmet[task] == 0 { becomeReady(task) }
    }

    /// What to expect of tasks of which some are remembered (in seconds): of the others the median; 1 s without any
    /// memory. Never nothing: of two ways without memory, the one with more stages is the longer.
    static func expectedSeconds(_ remembered: [Double?]) -> [Double] {
        let known = remembered.compactMap(\.self).sorted()
        let usual = known.isEmpty ? 1 : known[known.count / 2]
        return remembered.map { max($0 ?? usual, 0.001) }
    }

    /// Whether nothing runs and nothing will.
    var isFinished: Bool { runningCount == 0 && pendingCount == 0 }

    /// What to start now. Call it at the beginning and after each `finished`.
    mutating func startReady() -> [Start] {
        var starts: [Start] = []
        var passedOver: [Int] = []
        for (index, task) in ready.enumerated() {
            if runningCount >= capacity.jobs {
                passedOver += ready[index...]
                break
            }
            if fits(tasks[task].demand) || runningCount == 0 {
                starts.append(begin(task))
            } else {
                passedOver.append(task)
            }
        }
        ready = passedOver
        return starts
    }

    /// `task` ended well, or not.
    mutating func finished(_ task: Int, succeeded: Bool) {
        guard case .running(let gpuIndices) = states[task] else { return }
        release(tasks[task].demand, gpuIndices)
        states[task] = succeeded ? .done : .failed
        if succeeded {
            for dependent in dependents[task] {
                unmet[dependent] -= 1
                if unmet[dependent] == 0, states[dependent] == .waiting { becomeReady(dependent) }
            }
        } else if keepGoing {
            dropDependents(of: task)
        } else {
            stop()
        }
    }

    /// Starts nothing more; what runs goes on.
    mutating func stop() {
        for task in states.indices where states[task] == .waiting || states[task] == .ready { drop(task) }
        ready = []
    }

    private mutating func becomeReady(_ task: Int) {
        states[task] = .ready
        let place = ready.firstIndex { (-pathSeconds[task], task) < (-pathSeconds[$0], $0) } ?? ready.endIndex
        ready.insert(task, at: place)
    }

    private mutating func drop(_ task: Int) {
        states[task] = .notRun
        pendingCount -= 1
    }

    private mutating func begin(_ task: Int) -> Start {
        let demand = tasks[task].demand
        let gpuIndices = Array(freeGPUs.prefix(demand.gpus))
        freeGPUs.removeFirst(gpuIndices.count)
        used.cpus += demand.cpus
        used.memoryBytes += demand.memoryBytes
        runningCount += 1
        pendingCount -= 1
        states[task] = .running(gpuIndices: gpuIndices)
        return Start(task: task, gpuIndices: gpuIndices)
    }

    private func fits(_ demand: Demand) -> Bool {
        used.cpus + demand.cpus <= capacity.cpus
            && used.memoryBytes + demand.memoryBytes <= capacity.memoryBytes
            && demand.gpus <= freeGPUs.count
    }

    private mutating func release(_ demand: Demand, _ gpuIndices: [Int]) {
        freeGPUs = (freeGPUs + gpuIndices).sorted()
        used.cpus -= demand.cpus
        used.memoryBytes -= demand.memoryBytes
        runningCount -= 1
    }

    private mutating func dropDependents(of task: Int) {
        var pending = dependents[task]
        while let next = pending.popLast() {
            if states[next] == .waiting {
                drop(next)
                pending += dependents[next]
            }
        }
    }
}
