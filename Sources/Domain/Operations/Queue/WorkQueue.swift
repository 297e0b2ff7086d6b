package import Diagnostics
package import Experiments
import Files
import Objects
package import Pipelines
import Synchronization
import Threads
import Workspaces

package struct WorkQueueOptions: Sendable {
    /// How many runs at once.
    package var runs = 1
    /// How many stages at once, over all runs; nil for as many as there are cores.
    package var jobs: Int?
    /// Only these; nil for all that wait.
    package var only: [RunID]?

    package init() {}
}

/// Hears what happens while the queue is worked on. Called from several threads.
package protocol QueueObserver: Sendable {
    func started(_ run: Run)
    func finished(_ run: Run, _ failure: (any UserFacingError)?)
}

package struct WorkQueueReport: Sendable {
    /// In the order in which they ended.
    package var runs: [Run]
    package var failures: [any UserFacingError]
}

/// Works on queued runs, each in a tree of its own, until none is left or `interrupter` says stop. Several workers, in
/// several processes, may share a queue. Runs that a killed worker left are started again: what their stages had made
/// is in the run cache.
package func workQueue(
    _ options: WorkQueueOptions, in surroundings: Surroundings, interrupter: RunInterrupter,
    observer: any QueueObserver
) throws -> WorkQueueReport {
    let opened = try OpenProject(surroundings)
    try opened.store.beginWork()
    let queue = RunQueue(project: opened.project)
    let worker = QueueWorker(
        opened: opened, queue: queue, jobs: max(1, (options.jobs ?? coreCount) / options.runs),
        interrupter: interrupter, observer: observer)
    var seen: Set<RunID> = []
    while interrupter.force == .none {
        let entries = try queue.entries().filter { entry in
            options.only?.contains(entry.run) ?? true && seen.insert(entry.run).inserted
        }
        if entries.isEmpty { break }
        try forEachConcurrently(entries, width: options.runs) { try worker.work(on: $0) }
    }
    return worker.report
}

private final class QueueWorker: Sendable {
    private let opened: OpenProject
    private let queue: RunQueue
    private let jobs: Int
    private let interrupter: RunInterrupter
    private let observer: any QueueObserver
    private let ended = Mutex(WorkQueueReport(runs: [], failures: []))

    init(
        opened: OpenProject, queue: RunQueue, jobs: Int, interrupter: RunInterrupter, observer: any QueueObserver
    ) {
        self.opened = opened
        self.queue = queue
        self.jobs = jobs
        self.interrupter = interrupter
        self.observer = observer
    }

    var report: WorkQueueReport { ended.withLock { $0 } }

    /// Does nothing if the entry is another worker's, or if it is gone.
    func work(on entry: QueueEntry) throws {
        guard interrupter.force == .none, let claim = try queue.claim(entry.run) else { return }
        defer { withExtendedLifetime(claim) {} }
        guard let run = try opened.experiments.run(entry.run), run.deletedAt == nil,
            try queue.entries().contains(where: { $0.run == entry.run })
        else { return }
        // What a worker that was killed at the very end had not removed yet.
        if [.finished, .failed, .interrupted].contains(run.status) { return try queue.remove(entry.run) }
        observer.started(run)
        let failure = runInTree(entry)
        if interrupter.force > .none, !queue.isAskedToStop(entry.run) {
            try opened.experiments.changeRun(entry.run, RunChange(status: .queued))
            try opened.project.fileSystem.removeTree(queue.tree(of: entry.run))
            return
        }
        if let failure, try opened.experiments.run(entry.run)?.status.isOver == false {
            try opened.experiments.changeRun(
                entry.run, .end(.failed, at: opened.surroundings.clock.now(), failure: failure.message))
        }
        try queue.remove(entry.run)
        guard let run = try opened.experiments.run(entry.run) else { return }
        ended.withLock { report in
            report.runs.append(run)
            if let failure { report.failures.append(failure) }
        }
        observer.finished(run, failure)
    }

    /// Nil if the run came to a good end.
    private func runInTree(_ entry: QueueEntry) -> (any UserFacingError)? {
        let own = RunInterrupter()
        var options = entry.options
        options.jobs = jobs
        let isDone = Mailbox<Bool>()
        let watch = Thread.start(name: "queue-watch") { [interrupter, queue, transfers = options.cancellation] in
            while isDone.receive(timeout: .milliseconds(100)) == nil {
                let wanted = max(interrupter.force, queue.isAskedToStop(entry.run) ? .gentle : .none)
                while own.force < wanted { own.interrupt() }
                if wanted > .none { transfers.cancel() }
            }
        }
        defer {
            isDone.send(true)
            watch.join()
        }
        do {
            let root = queue.tree(of: entry.run)
            try opened.project.fileSystem.removeTree(root)
            let tree = try opened.makeTree(at: root)
            try TreeSnapshot.place(entry.files, in: tree.workspace)
            // Several runs at once have no one to show each stage to.
            return try tree.runPipeline(
                options, as: .queued(entry.run), interrupter: own, observer: SilentObserver()
            ).failure
        } catch let error as any UserFacingError {
            return error
        } catch {
            return OperationError.queuedRun("\(error)")
        }
    }
}
