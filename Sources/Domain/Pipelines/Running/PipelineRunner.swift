import Diagnostics
package import Files
import Threads
import Workspaces

/// Runs a plan: the thin shell around `Scheduler`. Each stage that is not settled gets a thread of its own.
package struct PipelineRunner: Sendable {
    package struct Options: Sendable {
        /// How many stages run at a time.
        package var jobs: Int
        /// After a failure, stages that do not need the failed one still run.
        package var keepGoing: Bool
        package var isForced: @Sendable (StageName) -> Bool
        /// Hears of a stage when its outs are there, and before the lock file says so and other stages read them.
        package var didMake: @Sendable (StageName) -> Void

        package init(
            jobs: Int = coreCount, keepGoing: Bool = false,
            isForced: @escaping @Sendable (StageName) -> Bool = { _ in false },
            didMake: @escaping @Sendable (StageName) -> Void = { _ in }
        ) {
            self.jobs = jobs
            self.keepGoing = keepGoing
            self.isForced = isForced
            self.didMake = didMake
        }
    }

    private enum Message: Sendable {
        case finished(task: Int, StageRecord)
        case interrupted(RunInterrupter.Force)
    }

    private let parts: PipelineParts
    private let options: Options
    private let observer: any PipelineObserver
    private let interrupter: RunInterrupter
    /// A folder of this run's own, for logs that are being written.
    package let logs: AbsolutePath

    package init(
        parts: PipelineParts, options: Options, observer: any PipelineObserver, interrupter: RunInterrupter,
        logs: AbsolutePath
    ) {
        self.parts = parts
        self.options = options
        self.observer = observer
        self.interrupter = interrupter
        self.logs = logs
    }

    /// Runs what the plan has not settled. Returns one record a stage, in the plan's order; failures are in them. Throws
    /// only if the lock file cannot be written.
    package func run(_ plan: PipelinePlan) throws -> [StageRecord] {
        observer.willRun(plan.steps.map(\.stage.name))
        let now = parts.clock.now()
        var records = plan.steps.map { settledRecord($0, at: now) }
        let settled = records.compactMap(\.self)
        observer.settled(settled)
        if settled.count == records.count {
            try parts.lock.flush()
            return settled
        }
        let open = records.indices.filter { records[$0] == nil }
        try parts.workspace.settlingLater {
            try runOpenSteps(plan, open, &records)
            try parts.lock.flush()
        }
        return records.enumerated().map { index, record in record ?? notRun(plan.steps[index].stage) }
    }

    /// How often at most the lock file is written while stages run.
    private static let flushInterval = Duration.milliseconds(300)

    private func runOpenSteps(_ plan: PipelinePlan, _ open: [Int], _ records: inout [StageRecord?]) throws {
        let taskOfStep = Dictionary(uniqueKeysWithValues: open.enumerated().map { ($0.element, $0.offset) })
        let seconds = expectedSeconds(open.map { plan.steps[$0].stage })
        var scheduler = Scheduler(
            tasks: zip(open, seconds).map { step, seconds in
                Scheduler.Task(
                    waitsFor: plan.steps[step].waitsFor.compactMap { taskOfStep[$0] },
                    demand: Scheduler.Demand(plan.steps[step].stage.resources), expectedSeconds: seconds)
            },
            capacity: .ofThisMachine(
                jobs: options.jobs, environment: parts.environment, fileSystem: parts.project.fileSystem),
            keepGoing: options.keepGoing)
        let mailbox = Mailbox<Message>()
        let running = RunningCommands()
        interrupter.onInterrupt { mailbox.send(.interrupted($0)) }
        defer { interrupter.onInterrupt { _ in } }
        var threads: [Int: Thread] = [:]
        var nextFlush = ContinuousClock.now + Self.flushInterval
        while true {
            for start in scheduler.startReady() {
                let stage = plan.steps[open[start.task]].stage
                threads[start.task] = self.start(stage, start, running, mailbox)
            }
            if scheduler.isFinished { break }
            switch mailbox.receive(timeout: Self.flushInterval) {
            case .finished(let task, let record)?:
                threads.removeValue(forKey: task)?.join()
                records[open[task]] = record
                scheduler.finished(task, succeeded: record.error == nil)
                observer.finished(record)
            case .interrupted(let force)?:
                scheduler.stop()
                running.stop(gracePeriod: force == .immediate ? .zero : StageCommands.gracePeriod)
            case nil: break
            }
            if ContinuousClock.now > nextFlush { nextFlush = try flush() }
        }
        for index in open where records[index] == nil {
            let record = notRun(plan.steps[index].stage)
            records[index] = record
            observer.finished(record)
        }
    }

    /// How long each stage is going to take: as long as it did when it made what the lock file says, or, if that is not
    /// remembered, as long as a usual one of the others.
    private func expectedSeconds(_ stages: [Stage]) -> [Double] {
        // One alone comes first anyway.
        if stages.count <= 1 { return stages.map { _ in 1 } }
        let locked = parts.lock.current.stages
        let known = stages.map { stage -> Double? in
            guard let inputs = locked[stage.name]?.inputs else { return nil }
            let entry = (try? parts.runCache.entry(for: StageKey(inputs))) ?? nil
            return entry.map { Double($0.durationMilliseconds) / 1000 }
        }
        return Scheduler.expectedSeconds(known)
    }

    /// Writes the lock file, and says when to do it again: the larger it is, the more rarely, so that all writing
    /// together stays a small part of the run however many stages there are.
    private func flush() throws -> ContinuousClock.Instant {
        let start = ContinuousClock.now
        try parts.lock.flush()
        let end = ContinuousClock.now
        return end + max(Self.flushInterval, (end - start) * 20)
    }

    private func start(
        _ stage: Stage, _ start: Scheduler.Start, _ running: RunningCommands, _ mailbox: Mailbox<Message>
    ) -> Thread {
        let runner = StageRunner(
            stage: stage, parts: parts, isForced: options.isForced(stage.name), gpuIndices: start.gpuIndices,
            running: running, observer: observer, didMake: options.didMake,
            logPath: liveLogPath(of: stage.name, in: logs))
        return Thread.start(name: "stage") { mailbox.send(.finished(task: start.task, runner.run())) }
    }

    /// The record of a stage about which there is nothing to do; nil if there is.
    private func settledRecord(_ step: PipelinePlan.Step, at now: Timestamp) -> StageRecord? {
        guard step.action.isSettled else { return nil }
        var record = StageRecord(stage: step.stage.name, state: .skipped, startedAt: now)
        record.inputs = step.inputs
        if case .skip(let outputs) = step.action { record.outputs = outputs }
        if case .frozen = step.action {
            record.outputs = step.stage.outputs.compactMap { output in
                ((try? parts.workspace.fingerprint(output.path)) ?? nil).map {
                    LockedOutput(path: output.path, fingerprint: $0)
                }
            }
        }
        return record
    }

    private func notRun(_ stage: Stage) -> StageRecord {
        StageRecord(stage: stage.name, state: .notRun, startedAt: parts.clock.now())
    }
}

extension Scheduler.Demand {
    fileprivate init(_ resources: Resources) {
        self.init(cpus: resources.cpus, memoryBytes: resources.memoryBytes ?? 0, gpus: resources.gpus)
    }
}
