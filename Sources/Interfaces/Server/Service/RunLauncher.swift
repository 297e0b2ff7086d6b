import Diagnostics
import Experiments
import Operations
import Pipelines
import Synchronization
import Threads

/// Works on the runs that the page starts, one batch on one thread, until the server stops.
///
/// The commands are children of the server and end with it; a run that was cut goes back into the queue, where
/// `repro queue start` finds it.
final class RunLauncher: Sendable {
    private struct State {
        var threads: [Thread] = []
        var interrupters: [RunInterrupter] = []
        var isStopping = false
    }

    private let state = Mutex(State())

    /// `changed` hears of each run that begins or ends.
    func start(_ runs: [RunID], in surroundings: Surroundings, changed: @escaping @Sendable (RunID) -> Void) {
        let interrupter = RunInterrupter()
        state.withLock { state in
            if state.isStopping { return }
            state.interrupters.append(interrupter)
            state.threads.append(
                Thread.start(name: "launched runs") {
                    var options = WorkQueueOptions()
                    options.only = runs
                    // What goes wrong is in the run's own record.
                    _ = try? workQueue(
                        options, in: surroundings, interrupter: interrupter, observer: Changes(changed: changed))
                })
        }
    }

    /// Ends when all commands have.
    func stop() {
        let (threads, interrupters) = state.withLock { state in
            state.isStopping = true
            return (state.threads, state.interrupters)
        }
        for interrupter in interrupters { interrupter.interrupt() }
        for thread in threads { thread.join() }
    }
}

private struct Changes: QueueObserver {
    let changed: @Sendable (RunID) -> Void

    func started(_ run: Run) { changed(run.id) }
    func finished(_ run: Run, _ failure: (any UserFacingError)?) { changed(run.id) }
}
