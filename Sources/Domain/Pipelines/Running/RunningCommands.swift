import Processes
import Synchronization

/// The commands that run at this moment, so that an interrupt reaches them all.
final class RunningCommands: Sendable {
    private struct State {
        var children: [ObjectIdentifier: ChildProcess] = [:]
        var gracePeriod: Duration?
    }

    private let state = Mutex(State())

    /// Whether the run was told to stop.
    var isStopping: Bool { state.withLock { $0.gracePeriod != nil } }

    /// Adds a command that is about to run; one that comes after `stop` will not start.
    func add(_ child: ChildProcess) {
        let gracePeriod = state.withLock { state in
            state.children[ObjectIdentifier(child)] = child
            return state.gracePeriod
        }
        if let gracePeriod { child.terminate(gracePeriod: gracePeriod) }
    }

    func remove(_ child: ChildProcess) {
        state.withLock { _ = $0.children.removeValue(forKey: ObjectIdentifier(child)) }
    }

    /// Stops all commands, and those that are still to come; what is left after `gracePeriod` is killed.
    func stop(gracePeriod: Duration) {
        let children = state.withLock { state in
            state.gracePeriod = gracePeriod
            return Array(state.children.values)
        }
        for child in children { child.terminate(gracePeriod: gracePeriod) }
    }
}
